using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http.Connections;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting.Balancers;

/// <summary>Debian's nginx and HAProxy with the configurations of docs/deployment.md, and real clients through
/// them.</summary>
public sealed class BalancerTests(BalancerNodes nodes) : IClassFixture<BalancerNodes>
{
    private const int Clients = 4;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task TwoNodes_RoundRobinWithoutStickySessions_ServeWebSocketClients(string kind)
    {
        await using var balancer = await Balancer.StartAsync(kind, null, nodes.Node1, nodes.Node2);
        var id = (await nodes.Node1.PeopleAsync())[0];
        await HaveConnectionsAsync(0);
        var clients = new List<WatchingClient>();
        try
        {
            for (var i = 0; i < Clients; i++)
            {
                clients.Add(await ConnectAsync(balancer, balancer.Address, HttpTransportType.WebSockets));
                await clients[i].Client.WatchAsync([id]);
                await clients[i].LiveAsync(id);
            }

            await ChangeIsShownAsync(id, clients);

            await HaveConnectionsAsync(Clients / 2);
            var (token, _) = await nodes.Node1.SignInAsync();
            Assert.Equal(HttpStatusCode.OK, await balancer.ReadFromOwnPageAsync($"/api/presence?ids={id}", token));
            foreach (var path in (string[])["/metrics", "/health/ready"])
            {
                Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(balancer, path)).Status);
            }
        }
        finally
        {
            foreach (var client in clients)
            {
                await client.DisposeAsync();
            }
        }
    }

    /// <summary>nginx buffers by default; what a client is told must not wait for more.</summary>
    [Theory]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task ServerSentEvents_ThroughTheProxy_ArriveOneByOne(string kind)
    {
        // Events and calls of a connection go to one node.
        await using var balancer = await Balancer.StartAsync(kind, null, nodes.Node1, nodes.Node1);
        var id = (await nodes.Node1.PeopleAsync())[1];
        await using var client = await ConnectAsync(balancer, balancer.Address, HttpTransportType.ServerSentEvents);
        await client.Client.WatchAsync([id]);
        await client.LiveAsync(id);

        await ChangeIsShownAsync(id, [client]);
    }

    [Theory]
    [InlineData("nginx", "kept")]
    [InlineData("nginx", "stripped")]
    [InlineData("haproxy", "kept")]
    [InlineData("haproxy", "stripped")]
    public async Task Prefix_KeptOrStripped_PageHubReadsAndDevelopmentEndpointsWork(string kind, string prefix)
    {
        var node = prefix is "kept" ? nodes.Below : nodes.Node1;
        await using var balancer = await Balancer.StartAsync(kind, prefix, node, node);
        var root = new Uri(balancer.Address, "/presence/");
        var id = (await node.PeopleAsync())[2];
        await using var client = await ConnectAsync(balancer, root, HttpTransportType.WebSockets);
        await client.Client.WatchAsync([id]);
        await client.LiveAsync(id);

        Assert.Equal((HttpStatusCode.Redirect, "/presence/"), await GetAsync(balancer, "/presence"));
        foreach (var path in (string[])["/presence/", "/presence/favicon.svg", "/presence/dev/people"])
        {
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(balancer, path)).Status);
        }

        foreach (var path in (string[])["/presence/metrics", "/presence/health/ready"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(balancer, path)).Status);
        }

        // A proxy on this machine is not a browser on this machine.
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync(balancer, "/presence/admin/signin")).Status);
        var (token, _) = await node.SignInAsync();
        Assert.Equal(HttpStatusCode.OK, await balancer.ReadFromOwnPageAsync($"/presence/api/presence?ids={id}", token));
    }

    /// <summary>The hub ignores case in paths, decodes them and removes dot segments.</summary>
    [Theory]
    [InlineData("nginx", null)]
    [InlineData("nginx", "kept")]
    [InlineData("nginx", "stripped")]
    [InlineData("haproxy", null)]
    [InlineData("haproxy", "kept")]
    [InlineData("haproxy", "stripped")]
    public async Task InternalPath_WrittenInAnyWay_IsNotPublic(string kind, string? prefix)
    {
        var node = prefix is "kept" ? nodes.Below : nodes.Node1;
        await using var balancer = await Balancer.StartAsync(kind, prefix, node, node);
        string[] paths =
        [
            "/metrics",
            "/Metrics",
            "/METRICS/",
            "/metrics?x",
            "/%6detrics",
            "/%4Detrics",
            "/m%65trics",
            "//metrics",
            "/./metrics",
            "/x/../metrics",
            "/x/%2e%2e/metrics",
            "/%zz/../metrics",
            "/%zz/../%6detrics",
            "/metrics/x/..",
            "/metrics/x/%2e.",
            "/metric%C5%BF",
            "/metr%C4%B1cs",
            "/presence/metrics",
            "/presence/Metrics",
            "/presence/%6detrics",
            "/presence/presence/metrics",
            "/Presence/presence/metrics",
            "/x/../presence/metrics",
            "/health/ready",
            "/Health/ready",
            "/health%2Fready",
            "/%68ealth/live",
            "/HEALTH/LIVE/",
            "/x/../health/live",
        ];

        // What is not below the prefix belongs to other applications.
        foreach (var path in paths.Select(path => $"/presence{path}").Concat(prefix is null ? paths : []))
        {
            using var response = await balancer.Http.GetAsync(
                new Uri(
                    $"https://{balancer.Address.Authority}{path}",
                    new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
                )
            );

            Assert.True(
                response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest,
                $"{path}: {response.StatusCode}"
            );
        }
    }

    private static async Task<(HttpStatusCode Status, string? Location)> GetAsync(Balancer balancer, string path)
    {
        using var response = await balancer.Http.GetAsync(path);
        var location = response.Headers.Location;
        return (
            response.StatusCode,
            location is { IsAbsoluteUri: true } ? location.AbsolutePath : location?.ToString()
        );
    }

    private static async Task<int> ConnectionsAsync(HubServer node)
    {
        var metrics = await node.Http.GetStringAsync("/metrics");
        var line = metrics
            .Split('\n')
            .First(line =>
                line.StartsWith("presencehub_connections{", StringComparison.Ordinal)
                || line.StartsWith("presencehub_connections ", StringComparison.Ordinal)
            );
        return int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private async Task HaveConnectionsAsync(int each)
    {
        foreach (var node in new[] { nodes.Node1, nodes.Node2 })
        {
            await Eventually.GetAsync(() => ConnectionsAsync(node), connections => connections == each);
        }
    }

    private Task<WatchingClient> ConnectAsync(Balancer balancer, Uri through, HttpTransportType transport) =>
        WatchingClient
            .ConnectAsync(nodes.Node1, through: through, configure: balancer.Through(transport))
            .WaitAsync(ConnectTimeout);

    private async Task ChangeIsShownAsync(string id, List<WatchingClient> clients)
    {
        var shown = clients[0].Client.Entries[id].Availability;
        var next = shown is "DoNotDisturb" ? ("Busy", "InAMeeting") : ("DoNotDisturb", "Presenting");
        await nodes.Emulator.SetPresenceAsync(id, next.Item1, next.Item2);
        await Task.WhenAll(clients.Select(client => client.ShowsAsync(id, next.Item1)));
    }
}
