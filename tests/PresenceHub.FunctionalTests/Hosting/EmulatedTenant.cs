using PresenceHub.GraphEmulator;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>What a hub in production needs around it: a Redis, and a tenant whose Graph and authority are an
/// emulator.</summary>
internal sealed class EmulatedTenant : IAsyncDisposable
{
    private readonly RedisServer _redis = new();
    private readonly string _rootPath = Path.GetTempFileName();

    private EmulatedTenant(GraphEmulatorOptions options, GraphEmulatorServer graph)
    {
        (Options, Graph) = (options, graph);
        Emulator = new EmulatorControl(graph.BaseAddress);
    }

    public GraphEmulatorOptions Options { get; }

    public GraphEmulatorServer Graph { get; }

    public EmulatorControl Emulator { get; }

    /// <summary>Settings of a hub of this tenant, as environment variables.</summary>
    public Dictionary<string, string> Settings =>
        new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Redis__ConnectionString"] = _redis.ConnectionString,
            ["Graph__BaseUrl"] = new Uri(Graph.BaseAddress, "/v1.0").ToString(),
            ["Graph__AuthorityHost"] = Graph.BaseAddress.ToString(),
            ["Graph__TrustedRootPath"] = _rootPath,
            ["Graph__TenantId"] = Options.TenantId,
            ["Graph__ClientId"] = Options.ClientId,
            ["Graph__ClientSecret"] = Options.ClientSecret,
            ["Authentication__Audience"] = Options.HubAudience,
        };

    public static async Task<EmulatedTenant> StartAsync(GraphEmulatorOptions options)
    {
        var tenant = new EmulatedTenant(
            options,
            await GraphEmulatorServer.StartAsync(options, TimeProvider.System, null, CancellationToken.None)
        );
        await File.WriteAllTextAsync(tenant._rootPath, tenant.Graph.RootCertificatePem);
        await tenant._redis.StartAsync();
        return tenant;
    }

    public async ValueTask DisposeAsync()
    {
        Emulator.Dispose();
        await _redis.DisposeAsync();
        await Graph.DisposeAsync();
        File.Delete(_rootPath);
    }
}
