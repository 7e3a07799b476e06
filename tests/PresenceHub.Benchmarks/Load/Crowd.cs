using System.Diagnostics;
using PresenceHub.Benchmarks.Systems;
using PresenceHub.Fleet.Connections;

namespace PresenceHub.Benchmarks.Load;

/// <summary>The light clients of one system: where each connects and what it watches.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    /// <summary>Connects under way at once; the queue of a listening socket holds 512.</summary>
    public const int ConnectsAtOnce = 256;

    private const int WatchesAtOnce = 8;

    private static readonly TimeSpan KeepAlivePeriod = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly SystemUnderTest _system;
    private readonly Tenant _tenant;
    private readonly Deliveries _deliveries;
    private readonly MemberView[] _views;
    private readonly Member?[] _members;
    private readonly Func<int, ReceivePace?> _paceOf;
    private readonly int _firstToken;
    private readonly SemaphoreSlim _connecting = new(ConnectsAtOnce);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _keepingAlive;
    private WebSocketTarget[] _targets = [];

    private Crowd(SystemUnderTest system, Tenant tenant, Deliveries deliveries, CrowdPlan plan)
    {
        (_system, _tenant, _deliveries, _paceOf, _firstToken) = (
            system,
            tenant,
            deliveries,
            plan.PaceOf,
            plan.FirstToken
        );
        _views = [.. Enumerable.Range(0, plan.Count).Select(member => new MemberView(plan.SubjectsOf(member)))];
        _members = new Member?[plan.Count];
        _keepingAlive = KeepAliveAsync();
    }

    public int Count => _members.Length;

    public IReadOnlyList<MemberView> Views => _views;

    /// <summary>Connections that the server has ended.</summary>
    public int Lost => _members.Count(member => member?.Completion.IsCompleted is true);

    public static async Task<Crowd> CreateAsync(
        SystemUnderTest system,
        Tenant tenant,
        Deliveries deliveries,
        CrowdPlan plan
    )
    {
        // Tokens are signed before anything is measured.
        _ = tenant.TokenFor(plan.FirstToken + plan.Count - 1);
        var crowd = new Crowd(system, tenant, deliveries, plan);
        crowd._targets = await Task.WhenAll(
            system.Addresses.Select(address =>
                WebSocketTarget.ResolveAsync(new Uri(address, system.Protocol.Path), CancellationToken.None)
            )
        );
        return crowd;
    }

    /// <summary>Connects every client, without watching.</summary>
    public Task<WaveResult> ConnectAsync(TimeSpan limit) =>
        RunWaveAsync(limit, (member, wave) => EnsureConnectedAsync(member, wave));

    /// <summary>Every client watches its list at the same moment, connecting first where it is not connected.</summary>
    public Task<WaveResult> WatchAsync(TimeSpan limit) => RunWaveAsync(limit, WatchUntilAnsweredAsync);

    /// <summary>Connects all clients, and lets them watch a few at a time; all of them, or it throws.</summary>
    public async Task JoinAsync(TimeSpan limit)
    {
        await ConnectAsync(limit);
        var joined = await WatchInTurnAsync(limit);
        if (!joined.IsComplete)
        {
            throw new TimeoutException(
                $"Only {joined.Arrived} of {joined.Members} clients of {_system.Name} could join"
            );
        }
    }

    /// <summary>The clients watch their lists a few at a time: no wave.</summary>
    public async Task<WaveResult> WatchInTurnAsync(TimeSpan limit)
    {
        using var turn = new SemaphoreSlim(WatchesAtOnce);
        return await RunWaveAsync(limit, async (member, wave) =>
        {
            await turn.WaitAsync(wave.Limit);
            try
            {
                await WatchUntilAnsweredAsync(member, wave);
            }
            finally
            {
                turn.Release();
            }
        });
    }

    /// <summary>Waits until every client in the range shows the latest change of all that it watches.</summary>
    public async Task<bool> WaitUntilCurrentAsync(Range members, TimeSpan limit)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!_views[members].All(view => view.IsCurrent(_deliveries.Log)))
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                return false;
            }

            await timer.WaitForNextTickAsync();
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _keepingAlive;
        foreach (var member in _members)
        {
            member?.Abort();
        }

        _stop.Dispose();
        _connecting.Dispose();
    }

    private async Task<WaveResult> RunWaveAsync(TimeSpan limit, Func<int, Wave, Task> work)
    {
        using var wave = new Wave(limit);
        var tasks = new Task[_members.Length];
        for (var member = 0; member < tasks.Length; member++)
        {
            tasks[member] = RunOneAsync(member);
        }

        await Task.WhenAll(tasks);
        return wave.Result(_members.Length);

        async Task RunOneAsync(int member)
        {
            try
            {
                await work(member, wave);
                wave.Arrived();
            }
            catch (OperationCanceledException) when (wave.IsOver)
            {
                // The result counts those that arrived.
            }
        }
    }

    private async Task WatchUntilAnsweredAsync(int member, Wave wave)
    {
        var ids = _views[member].Subjects.ToArray().Select(subject => _deliveries.Log.SubjectIds[subject]).ToArray();
        while (true)
        {
            await EnsureConnectedAsync(member, wave);
            if (await _members[member]!.WatchAsync(ids, wave.Limit))
            {
                return;
            }

            wave.Failed();
            await PauseAsync(RetryPause, wave);
        }
    }

    private async Task EnsureConnectedAsync(int member, Wave wave)
    {
        while (_members[member] is not { Completion.IsCompleted: false })
        {
            var pause = await TryConnectAsync(member, wave);
            if (pause is not null)
            {
                await PauseAsync(pause.Value, wave);
            }
        }
    }

    /// <summary>Null when connected; otherwise how long to wait before the next attempt.</summary>
    private async Task<TimeSpan?> TryConnectAsync(int member, Wave wave)
    {
        await _connecting.WaitAsync(wave.Limit);
        try
        {
            var settings = new WebSocketSettings
            {
                AccessToken = _tenant.TokenFor(_firstToken + member),
                Pace = _paceOf(member),
                ReceiveBufferBytes = _paceOf(member) is null ? null : 4096,
            };
            var view = _views[member];
            var target = _targets[member % _targets.Length];
            _members[member] = await Member.ConnectAsync(
                _system.Protocol,
                target,
                settings,
                number => _deliveries.Record(view, number),
                wave.Limit
            );
            return null;
        }
        catch (UpgradeRefusedException exception)
        {
            wave.Refused();
            return exception.RetryAfter ?? RetryPause;
        }
        catch (Exception exception)
            when (exception is IOException or System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            wave.Refused();
            return RetryPause;
        }
        finally
        {
            _connecting.Release();
        }
    }

    // Full jitter around the mean, like any well-behaved client: refused clients must not come back together.
    private static Task PauseAsync(TimeSpan mean, Wave wave) =>
        Task.Delay(mean * (0.5 + Random.Shared.NextDouble()), TimeProvider.System, wave.Limit);

    private async Task KeepAliveAsync()
    {
        using var timer = new PeriodicTimer(KeepAlivePeriod);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                foreach (var member in _members)
                {
                    await (member?.KeepAliveAsync() ?? ValueTask.CompletedTask);
                }
            }
        }
        catch (OperationCanceledException) { }
    }
}
