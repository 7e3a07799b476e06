using PresenceHub.GraphEmulator;

namespace PresenceHub.Testing;

/// <summary>Several nodes of one hub: one Redis, one Graph.</summary>
internal sealed class HubNodes : IAsyncDisposable
{
    private readonly GraphEmulatorServer _graph;
    private readonly string _rootPath;
    private readonly GraphEmulatorOptions _options;
    private readonly List<HubServer> _nodes = [];

    private HubNodes(GraphEmulatorServer graph, GraphEmulatorOptions options, string rootPath)
    {
        (_graph, _options, _rootPath) = (graph, options, rootPath);
        Emulator = new EmulatorControl(graph.BaseAddress);
    }

    public EmulatorControl Emulator { get; }

    public IReadOnlyList<HubServer> Nodes => _nodes;

    public RedisServer Redis { get; } = new();

    public static async Task<HubNodes> StartAsync(int count)
    {
        var options = new GraphEmulatorOptions { ChangePeriod = TimeSpan.Zero };
        options.Switches.AllowHttpOnLoopback = true;
        var graph = await GraphEmulatorServer.StartAsync(options, TimeProvider.System, null, CancellationToken.None);
        var rootPath = Path.GetTempFileName();
        await File.WriteAllTextAsync(rootPath, graph.RootCertificatePem);
        var nodes = new HubNodes(graph, options, rootPath);
        await nodes.Redis.StartAsync();
        for (var i = 0; i < count; i++)
        {
            await nodes.AddAsync();
        }

        return nodes;
    }

    public async Task<HubServer> AddAsync(params (string Name, string Value)[] settings) =>
        Add(await HubServer.StartInProcessAsync(SettingsWith(settings)));

    /// <summary>A node in a process of its own: it can be killed and drained.</summary>
    public async Task<HubServer> AddProcessAsync(params (string Name, string Value)[] settings) =>
        Add(await HubServer.StartAsync(SettingsWith(settings)));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await Redis.DisposeAsync();
        Emulator.Dispose();
        await _graph.DisposeAsync();
        File.Delete(_rootPath);
    }

    private HubServer Add(HubServer node)
    {
        _nodes.Add(node);
        return node;
    }

    private Dictionary<string, string> SettingsWith((string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Redis__ConnectionString"] = Redis.ConnectionString,
            ["Graph__Mode"] = "Emulator",
            ["Graph__BaseUrl"] = new Uri(_graph.BaseAddress, "/v1.0").ToString(),
            ["Graph__TrustedRootPath"] = _rootPath,
            ["Graph__Accounts__0__UserId"] = _graph.ServiceAccountId,
            ["Graph__TenantId"] = _options.TenantId,
            ["Fanout__BookmarkPeriod"] = "00:00:00.500",
            ["Drain__Window"] = "00:00:03",
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return all;
    }
}
