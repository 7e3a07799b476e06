using PresenceHub.Fleet.Checking;
using PresenceHub.Fleet.Connections;
using PresenceHub.Fleet.Hub;

namespace PresenceHub.Fleet.Members;

/// <summary>
/// A member with a light connection: connects, watches, stays, reconnects and resumes as the contract asks of a
/// client.
/// </summary>
internal sealed class LightMember(
    MemberIdentity identity,
    MemberView view,
    HubProtocol protocol,
    FleetSurroundings fleet,
    ReceiveLimits limits,
    Random random
) : IFleetMember
{
    /// <summary>Most ids in one call, by the contract.</summary>
    private const int IdsPerCall = 1000;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstCallPause = TimeSpan.FromSeconds(1);

    private readonly Lock _listGate = new();
    private readonly ReconnectDelay _delay = new(random);
    private readonly MemberInbox _inbox = new(identity, view, fleet.Account);
    private volatile LightHubConnection? _connection;
    private int _attempt;
    private long _connectedAt;
    private TimeSpan? _cutPause;
    private bool _isReplacing;

    public MemberIdentity Identity { get; } = identity;

    public MemberView View { get; } = view;

    public MemberState State { get; private set; }

    /// <summary>The connection while there is one.</summary>
    public LightHubConnection? Connection => _connection;

    private FleetRecords Records => fleet.Account.Records;

    public async Task RunAsync(long intendedStart, CancellationToken stoppingToken)
    {
        var wanted = intendedStart;
        while (!stoppingToken.IsCancellationRequested)
        {
            TimeSpan pause;
            try
            {
                pause = await LiveOnceAsync(wanted, stoppingToken);
            }
            catch (Exception exception) when (Failures.IsExpected(exception))
            {
                if (stoppingToken.IsCancellationRequested)
                {
                    return;
                }

                pause = PauseAfter(exception);
            }

            // Attempts that fail are part of one wish to be connected; a pause after a cut that the scenario asks for
            // is not.
            if (State is MemberState.Live || _cutPause is not null)
            {
                wanted =
                    fleet.Time.GetTimestamp()
                    + (long)((_cutPause ?? TimeSpan.Zero).TotalSeconds * fleet.Time.TimestampFrequency);
            }

            (State, _connection, _cutPause) = (MemberState.Waiting, null, null);
            await Task.Delay(pause, fleet.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Whether the present connection was established after a timestamp.</summary>
    public bool WasReconnectedAfter(long timestamp) => Volatile.Read(ref _connectedAt) > timestamp;

    /// <summary>Cuts the connection as a lost network does; the member comes back after the pause.</summary>
    public void Cut(TimeSpan pause)
    {
        if (_connection is { } connection)
        {
            _cutPause = pause;
            Records.Counters.Cut.Increment();
            connection.Abort();
        }
    }

    /// <summary>
    /// Gives up one watched subject and watches another; nothing happens while the member is not live or still replaces
    /// another subject. A replacement that has begun must not be canceled while the run goes on: the hub and the view
    /// would disagree on what is watched.
    /// </summary>
    public async Task ReplaceSubjectAsync(int removed, int added, CancellationToken cancellationToken)
    {
        if (
            State is not MemberState.Live
            || _connection is not { } connection
            || !TryReplace(connection, removed, added)
        )
        {
            return;
        }

        try
        {
            try
            {
                await CallAsync(
                    () => connection.UnwatchAsync([fleet.Subjects.TextOf(removed)], cancellationToken),
                    cancellationToken
                );
            }
            finally
            {
                View.RemovalAnswered(removed);
            }

            await WatchAsync(connection, [added], null, cancellationToken);
        }
        catch (Exception exception) when (Failures.IsExpected(exception) && !cancellationToken.IsCancellationRequested)
        {
            // The connection is lost: its end is counted where it is waited for, and the next one watches the new list.
        }
        finally
        {
            lock (_listGate)
            {
                _isReplacing = false;
            }
        }
    }

    // The list changes before the hub is told. If the connection is lost meanwhile, the next one finds a subject
    // without an entry and sends no cursor: a cursor says nothing of a subject that was given up.
    private bool TryReplace(LightHubConnection connection, int removed, int added)
    {
        lock (_listGate)
        {
            // Another connection may be about to watch the list as it is.
            if (_isReplacing || _connection != connection || !View.TryReplace(removed, added))
            {
                return false;
            }

            _isReplacing = true;
            return true;
        }
    }

    /// <summary>One connection from its beginning to its end; returns the pause before the next.</summary>
    private async Task<TimeSpan> LiveOnceAsync(long wanted, CancellationToken stoppingToken)
    {
        State = MemberState.Connecting;
        var pace = limits.NewPace(fleet.Time);
        using var connection = await fleet.Throttle.RunAsync(token => ConnectAsync(pace, token), stoppingToken);
        using var stop = stoppingToken.UnsafeRegister(static state => ((LightHubConnection)state!).Abort(), connection);
        Records.Counters.Connects.Increment();
        Volatile.Write(ref _connectedAt, fleet.Time.GetTimestamp());
        lock (_listGate)
        {
            _connection = connection;
        }

        State = MemberState.Watching;
        await WatchAllAsync(connection, stoppingToken);
        State = MemberState.Live;
        _delay.Reset();
        Records.Latencies.Ready.Record(wanted, fleet.Time.GetTimestamp());
        limits.Apply(pace);
        return await StayAsync(connection, stoppingToken);
    }

    private async Task<LightHubConnection> ConnectAsync(ReceivePace? pace, CancellationToken cancellationToken)
    {
        var hub = fleet.Hubs[(Identity.Number + _attempt++) % fleet.Hubs.Count];
        var identity = fleet.Identities.IdentityOf(Identity.Number);
        var token = fleet.Identities.TokenOf(identity);
        var settings = new WebSocketSettings
        {
            AccessToken = token,
            LocalAddress = fleet.LocalAddresses.Of(Identity.Number),
            ReceiveBufferBytes = limits.ReceiveBufferBytes,
            Pace = pace,
            TrustAnyCertificate = fleet.TrustAnyCertificate,
        };
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(ConnectTimeout);
        try
        {
            _inbox.BeginConnection();
            return await LightHubConnection.ConnectAsync(hub, settings, protocol, _inbox, fleet.Time, timeout.Token);
        }
        catch (UpgradeRefusedException exception) when (Failures.IsUnauthorized(exception))
        {
            await TokenRefusal.HandleAsync(fleet, identity, token, hub.Address, cancellationToken);
            throw;
        }
    }

    private async Task WatchAllAsync(LightHubConnection connection, CancellationToken cancellationToken)
    {
        var cursor = _inbox.BeginWatching();
        string? next = null;
        foreach (var ids in View.Subjects.Chunk(IdsPerCall))
        {
            var result = await WatchAsync(connection, ids, cursor, cancellationToken);
            next ??= result.Cursor;
        }

        _inbox.EndWatching(next);
    }

    private async Task<CallResult> WatchAsync(
        LightHubConnection connection,
        int[] subjects,
        string? cursor,
        CancellationToken cancellationToken
    )
    {
        var ids = subjects.Select(fleet.Subjects.TextOf).ToArray();
        return await CallAsync(
            () =>
            {
                View.Asked(subjects, boundToHeld: cursor is not null);
                return connection.WatchAsync(ids, cursor, cancellationToken);
            },
            cancellationToken
        );
    }

    /// <summary>
    /// Repeats a call as long as the hub answers <c>unavailable</c>; any other error ends the connection.
    /// </summary>
    private async Task<CallResult> CallAsync(Func<Task<CallResult>> call, CancellationToken cancellationToken)
    {
        for (var pause = FirstCallPause; ; pause *= 2)
        {
            var sent = fleet.Time.GetTimestamp();
            var result = await call();
            if (result.Code is null)
            {
                Records.Counters.Calls.Increment();
                Records.Latencies.Watch.Record(sent, fleet.Time.GetTimestamp());
                return result;
            }

            if (result.Code is not Contracts.ErrorCode.Unavailable)
            {
                throw new HubCallException(result.Code, result.Error!);
            }

            Records.Counters.Unavailable.Increment();
            await Task.Delay(pause * (0.5 + random.NextDouble()), fleet.Time, cancellationToken);
        }
    }

    private async Task<TimeSpan> StayAsync(LightHubConnection connection, CancellationToken stoppingToken)
    {
        var ended = await Task.WhenAny(connection.Completion, _inbox.Leave).WaitAsync(stoppingToken);
        if (ended == _inbox.Leave)
        {
            await Task.Delay(await _inbox.Leave, fleet.Time, stoppingToken);
            await connection.CloseAsync(stoppingToken);
            return TimeSpan.Zero;
        }

        if (_cutPause is { } pause)
        {
            return pause;
        }

        if (Identity.Kind is MemberKind.Slow or MemberKind.Stuck)
        {
            Records.Counters.LostUnhealthy.Increment();
            return _delay.Next();
        }

        throw connection.EndError;
    }

    private TimeSpan PauseAfter(Exception exception)
    {
        if (_cutPause is { } pause)
        {
            return pause;
        }

        var hub = fleet.Hubs[Identity.Number % fleet.Hubs.Count].Address;
        if (Failures.IsBusy(exception))
        {
            Records.Counters.Refused.Increment();
            return exception is UpgradeRefusedException { RetryAfter: { } retryAfter }
                ? _delay.Obey(retryAfter)
                : _delay.Next();
        }

        if (State is MemberState.Live)
        {
            Records.Counters.Lost.Increment();
        }

        Records.Counters.Error(Failures.KindOf(exception));
        if (!Failures.IsUnauthorized(exception) && Failures.Sentence(exception, hub) is { } sentence)
        {
            fleet.Stop.Fail(sentence);
        }

        return _delay.Next();
    }
}
