using System.Globalization;
using PresenceHub.GraphEmulator;
using PresenceHub.Testing;
using PresenceHub.Testing.Proxies;

namespace PresenceHub.Verification.Soak;

/// <summary>A whole hub: a company in Graph, a store, three nodes, balancers before them, clients, and a proxy on every
/// link.</summary>
internal sealed class SoakHub : IAsyncDisposable
{
    private const int BalancerCount = 4;
    private const int ClientsStartedAtOnce = 20;

    /// <summary>Tokens of Graph's authority must not be from the future of a node whose clock is behind.</summary>
    private static readonly TimeSpan GraphClockShift = TimeSpan.FromMinutes(-5);

    private readonly GraphEmulatorServer _graph;
    private readonly string _rootPath;

    private SoakHub(GraphEmulatorServer graph, string rootPath, SoakStore store, StoreView view, RunLog log)
    {
        (_graph, _rootPath, Store, View, Log) = (graph, rootPath, store, view, log);
        Emulator = new EmulatorControl(graph.BaseAddress);
        GraphLink = new TcpProxy(graph.BaseAddress);
        Webhooks = new TcpProxy(new Uri("http://127.0.0.1:1"));
        Balancers =
        [
            .. Enumerable.Range(0, BalancerCount).Select(i => new TcpProxy(new Uri("http://127.0.0.1:1"), seed: i)),
        ];
    }

    public RunLog Log { get; }

    public EmulatorControl Emulator { get; }

    public SoakStore Store { get; }

    /// <summary>The store, past every proxy.</summary>
    public StoreView View { get; }

    public IReadOnlyList<SoakNode> Nodes { get; private set; } = [];

    /// <summary>Between clients and nodes.</summary>
    public IReadOnlyList<TcpProxy> Balancers { get; }

    /// <summary>Between the nodes and Graph.</summary>
    public TcpProxy GraphLink { get; }

    /// <summary>Between Graph and the nodes.</summary>
    public TcpProxy Webhooks { get; }

    public IReadOnlyList<SoakClient> Clients { get; private set; } = [];

    public IReadOnlyList<string> People { get; private set; } = [];

    /// <summary>What happens in Graph.</summary>
    public Script Script { get; private set; } = null!;

    public static async Task<SoakHub> StartAsync(
        SoakStore store,
        SoakSettings settings,
        Random random,
        RunLog log,
        CancellationToken cancellationToken
    )
    {
        await store.StartAsync(SoakSettings.Nodes);
        var options = new GraphEmulatorOptions { ChangePeriod = TimeSpan.Zero, People = SoakSettings.People };
        options.Switches.AllowHttpOnLoopback = true;
        var graph = await GraphEmulatorServer.StartAsync(
            options,
            new ShiftedClock(GraphClockShift),
            LoggerFactory.Create(logging => logging.AddConsole().SetMinimumLevel(LogLevel.Error)),
            cancellationToken
        );
        var rootPath = Path.GetTempFileName();
        await File.WriteAllTextAsync(rootPath, graph.RootCertificatePem, cancellationToken);
        var hub = new SoakHub(graph, rootPath, store, await StoreView.ConnectAsync(store.ConnectionString), log);
        hub.People = await hub.Emulator.PeopleAsync();
        hub.Script = new Script(hub.Emulator, hub.People, new Random(random.Next()), log);
        await hub.Script.BeginAsync();
        TimeSpan[] skews = [TimeSpan.Zero, settings.ClockSkew, -settings.ClockSkew];
        hub.Nodes =
        [
            .. Enumerable
                .Range(0, SoakSettings.Nodes)
                .Select(i => new SoakNode($"node {i + 1}", hub.NodeSettings(options, i, skews[i]), log)),
        ];
        await Task.WhenAll(hub.Nodes.Select(node => node.StartAsync()));
        hub.Balance();
        await hub.StartClientsAsync(settings, random, cancellationToken);
        return hub;
    }

    /// <summary>Points the balancers to the nodes that are in service, as their health checks would.</summary>
    public void Balance()
    {
        var addresses = Nodes.Where(node => node.IsInService).Select(node => node.Server!.Address).ToArray();
        if (addresses.Length > 0)
        {
            Webhooks.PointTo(addresses);
            foreach (var balancer in Balancers)
            {
                balancer.PointTo(addresses);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Clients.Select(client => client.DisposeAsync().AsTask()));
        await Task.WhenAll(Nodes.Select(node => node.DisposeAsync().AsTask()));
        foreach (var proxy in (TcpProxy[])[.. Balancers, GraphLink, Webhooks])
        {
            await proxy.DisposeAsync();
        }

        await View.DisposeAsync();
        await Store.DisposeAsync();
        Emulator.Dispose();
        await _graph.DisposeAsync();
        File.Delete(_rootPath);
    }

    private Dictionary<string, string> NodeSettings(GraphEmulatorOptions options, int node, TimeSpan skew) =>
        new(FakeTime.Shifting(skew))
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Redis__ConnectionString"] = Store.ConnectionStringOf(node),
            ["Graph__Mode"] = "Emulator",
            ["Graph__BaseUrl"] = new UriBuilder(_graph.BaseAddress)
            {
                Port = GraphLink.Address.Port,
                Path = "/v1.0",
            }.Uri.ToString(),
            ["Graph__AuthorityHost"] = _graph.BaseAddress.GetLeftPart(UriPartial.Authority),
            ["Graph__TrustedRootPath"] = _rootPath,
            ["Graph__TenantId"] = options.TenantId,
            ["Graph__NotificationUrl"] = Webhooks.Address.ToString(),
            ["Graph__Accounts__0__UserId"] = _graph.ServiceAccountId,
            ["Polling__Period"] = SoakSettings.PollingPeriod.ToString("c", CultureInfo.InvariantCulture),
            ["Store__StaleAfter"] = SoakSettings.StaleAfter.ToString("c", CultureInfo.InvariantCulture),
            ["Fanout__BookmarkPeriod"] = "00:00:00.500",
            ["Drain__Window"] = "00:00:02",
        };

    private async Task StartClientsAsync(SoakSettings settings, Random random, CancellationToken cancellationToken)
    {
        var people = People.ToArray();
        var wishes = Enumerable
            .Range(0, settings.Clients)
            .Select(_ => random.GetItems(people, SoakSettings.WatchedPerClient).Distinct().ToArray())
            .ToArray();
        Clients =
        [
            .. wishes.Select(
                (_, i) =>
                    new SoakClient(
                        $"client {i + 1}",
                        Balancers[i % Balancers.Count].Address,
                        useMessagePack: i % 2 is 0,
                        new ClientToken(() => Nodes).GetAsync,
                        Log
                    )
            ),
        ];
        await Parallel.ForEachAsync(
            Clients.Zip(wishes),
            new ParallelOptions
            {
                MaxDegreeOfParallelism = ClientsStartedAtOnce,
                CancellationToken = cancellationToken,
            },
            async (client, token) => await client.First.StartAsync(client.Second, token)
        );
    }
}
