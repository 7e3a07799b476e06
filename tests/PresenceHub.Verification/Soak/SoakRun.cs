using System.Globalization;
using PresenceHub.Contracts;
using PresenceHub.Verification.Invariants;

namespace PresenceHub.Verification.Soak;

/// <summary>Puts rounds of faults on a hub while its people change and its clients come and go, and has everything
/// checked.</summary>
internal sealed class SoakRun : IAsyncDisposable
{
    private const int MovingClients = 4;
    private const int ViolationsWritten = 3;
    private static readonly TimeSpan SamplePeriod = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StaleSlack = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan CheckPeriod = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _ending = new();
    private readonly Random _random;
    private readonly Task _sampling;
    private readonly Action<string> _write;

    private SoakRun(SoakHub hub, Random random, SoakReport report, Action<string> write)
    {
        (Hub, _random, Report, _write) = (hub, random, report, write);
        _sampling = SampleAsync();
    }

    public SoakHub Hub { get; }

    public SoakReport Report { get; }

    /// <summary>Everything that can go wrong with this hub.</summary>
    public IReadOnlyList<Fault> Faults =>
        [.. Hub.Store.Faults, .. NodeFaults.Of(Hub), .. LinkFaults.OfMessages(Hub), .. LinkFaults.OfProxies(Hub)];

    /// <summary>Starts a hub and waits until every client shows what Graph says.</summary>
    public static async Task<SoakRun> StartAsync(
        SoakStore store,
        SoakSettings settings,
        int seed,
        SoakReport report,
        InvariantChecker checker,
        Action<string> write
    )
    {
        var random = new Random(seed);
        var hub = await SoakHub.StartAsync(store, settings, random, new RunLog(checker), CancellationToken.None);
        var run = new SoakRun(hub, random, report, write);
        write($"{hub.Log.Now.TotalSeconds, 7:0.0} s  started");
        await run.RunRoundAsync([]);
        return run;
    }

    /// <summary>Has the faults overlap while people change, and then waits until everything is right again.</summary>
    public async Task RunRoundAsync(IReadOnlyList<Fault> faults)
    {
        var violationsBefore = Hub.Log.Checker.Count;
        Hub.Log.Add(at => new HubEvent.FaultsBegan(at));
        _write(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Hub.Log.Now.TotalSeconds, 7:0.0} s  round {Report.Rounds + 1}: {string.Join(", ", faults.Select(fault => fault.Name))}"
            )
        );
        using var changesEnd = new CancellationTokenSource();
        var changing = Hub.Script.RunAsync(changesEnd.Token);
        var moving = MoveClientsAsync();
        await Task.WhenAll(faults.Select(fault => RunAsync(fault, new Random(_random.Next()))));
        await changesEnd.CancelAsync();
        await changing;
        await moving;
        var over = Hub.Log.Now;
        var convergence = new Convergence(Hub);
        var lags = await convergence.AwaitAsync(CancellationToken.None);
        var storeLag = convergence.StoreSettledAt > over ? convergence.StoreSettledAt - over : TimeSpan.Zero;
        Report.AddRound(faults, Hub.Log.Checker.Count - violationsBefore, storeLag, lags);
        _write(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Hub.Log.Now.TotalSeconds, 7:0.0} s    store right after {storeLag.TotalSeconds:0.0} s, clients {lags.Max().TotalSeconds:0.0} s later at most, {Hub.Log.Checker.Count - violationsBefore} violations"
            )
        );
        foreach (var violation in Hub.Log.Checker.Violations.Skip(violationsBefore).Take(ViolationsWritten))
        {
            _write($"  {violation}");
        }
    }

    /// <summary>Presences change and nothing is wrong: no entry may be shown as stale.</summary>
    public async Task StayCalmAsync(int changes)
    {
        for (var i = 0; i < changes; i++)
        {
            await Hub.Script.ChangeAsync();
        }

        await new Convergence(Hub).AwaitAsync(CancellationToken.None);
    }

    /// <summary>Graph answers no more reads until everything is shown as stale, and then again.</summary>
    public async Task StopReadsAsync()
    {
        await Hub.Emulator.FailReadsAsync();
        Hub.Log.Add(at => new HubEvent.ReadsStopped(at));
        var stopped = Hub.Log.Now;
        while (Hub.Log.Now - stopped < SoakSettings.StaleAfter + StaleSlack && !Hub.Clients.All(ShowsNothingLive))
        {
            await Task.Delay(CheckPeriod, TimeProvider.System);
        }

        _write(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Hub.Log.Now.TotalSeconds, 7:0.0} s  everything stale {(Hub.Log.Now - stopped).TotalSeconds:0.0} s after reads stopped"
            )
        );
        Hub.Log.Add(at => new HubEvent.ReadsReturn(at));
        await Hub.Emulator.EndFaultsAsync();
        await new Convergence(Hub).AwaitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _sampling;
        Hub.Log.Add(at => new HubEvent.Ended(at));
        Report.SlowestDrain = Hub.Nodes.Max(node => node.SlowestDrain);
        await Hub.DisposeAsync();
        _ending.Dispose();
    }

    private static bool ShowsNothingLive(SoakClient client) =>
        client.Watched.All(id => client.Shows(id) is not { Freshness: Freshness.Live });

    private static async Task RunAsync(Fault fault, Random random)
    {
        await Task.Delay(TimeSpan.FromSeconds(0.7 * random.NextDouble()), TimeProvider.System);
        await fault.RunAsync(random, CancellationToken.None);
    }

    /// <summary>Some clients give up some of their people and watch others.</summary>
    private Task MoveClientsAsync() =>
        Task.WhenAll(
            _random
                .GetItems(Hub.Clients.ToArray(), MovingClients)
                .Distinct()
                .Select(async client =>
                {
                    var watched = client.Watched;
                    await client.UnwatchAsync([.. watched.Take(2)], CancellationToken.None);
                    await client.WatchAsync([.. Hub.People.Except(watched).Take(2)], CancellationToken.None);
                })
        );

    private async Task SampleAsync()
    {
        using var timer = new PeriodicTimer(SamplePeriod);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token))
            {
                foreach (var node in Hub.Nodes)
                {
                    if (await NodeSample.TryTakeAsync(node) is { } sample)
                    {
                        Report.AddResident(node.Name, sample.ResidentMegabytes);
                        Hub.Log.Add(at => new HubEvent.Sampled(
                            at,
                            node.Name,
                            sample.ResidentMegabytes,
                            sample.OutboxPending,
                            sample.NotificationsQueued
                        ));
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested) { }
    }
}
