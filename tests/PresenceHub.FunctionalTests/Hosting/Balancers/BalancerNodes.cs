using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting.Balancers;

/// <summary>Two nodes with the settings of the deployment guide, and one that is published below a path.</summary>
public sealed class BalancerNodes : IAsyncLifetime
{
    private static readonly (string Name, string Value)[] Settings =
    [
        ("AllowedHosts", "presence.contoso.com;127.0.0.1"),
        ("Http__KnownProxies__0", "127.0.0.0/24"),
    ];

    private HubNodes _nodes = null!;

    internal HubServer Node1 => _nodes.Nodes[0];

    internal HubServer Node2 => _nodes.Nodes[1];

    /// <summary>With <c>Http:PathBase</c>.</summary>
    internal HubServer Below => _nodes.Nodes[2];

    internal EmulatorControl Emulator => _nodes.Emulator;

    public async Task InitializeAsync()
    {
        _nodes = await HubNodes.StartAsync(0);
        await _nodes.AddAsync(Settings);
        await _nodes.AddAsync(Settings);
        await _nodes.AddAsync([.. Settings, ("Http__PathBase", "/presence")]);
    }

    public async Task DisposeAsync() => await _nodes.DisposeAsync();
}
