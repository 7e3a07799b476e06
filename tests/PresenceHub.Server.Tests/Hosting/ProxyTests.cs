using PresenceHub.Server.Hosting;

namespace PresenceHub.Server.Tests.Hosting;

public sealed class ProxyTests
{
    private static readonly (string Name, string Value)[] Forwarded =
    [
        ("X-Forwarded-For", "203.0.113.7"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Host", "hub.example"),
        ("X-Forwarded-Prefix", "/presence"),
    ];

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.0/8")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task ForwardedHeaders_OfAKnownProxy_AreUsed(string proxy)
    {
        await using var server = await ProxiedServer.StartAsync(
            ("Http:KnownProxies:0", "192.0.2.1"),
            ("Http:KnownProxies:1", proxy)
        );

        Assert.Equal(
            "203.0.113.7 https hub.example /presence /hubs/presence",
            await server.SeenAsync("/hubs/presence", Forwarded)
        );
    }

    [Theory]
    [InlineData("Http:PathBase", "")]
    [InlineData("Http:KnownProxies:0", "192.0.2.1")]
    [InlineData("Http:KnownProxies:0", "::1")]
    [InlineData("ForwardedHeaders_Enabled", "true")]
    public async Task ForwardedHeaders_OfAnUnknownSender_AreIgnored(string setting, string value)
    {
        await using var server = await ProxiedServer.StartAsync((setting, value));

        Assert.Equal("127.0.0.1 http node  /hubs/presence", await server.SeenAsync("/hubs/presence", Forwarded));
    }

    [Fact]
    public async Task ForwardedFor_ThroughSeveralProxies_EndsAtTheFirstUnknownSender()
    {
        await using var server = await ProxiedServer.StartAsync(("Http:KnownProxies", "127.0.0.1, 10.0.0.0/8"));

        Assert.StartsWith(
            "203.0.113.7 ",
            await server.SeenAsync("/", ("X-Forwarded-For", "198.51.100.1, 203.0.113.7, 10.1.2.3")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task ForwardedHost_OutsideAllowedHosts_IsIgnored()
    {
        await using var server = await ProxiedServer.StartAsync(
            ("Http:KnownProxies:0", "127.0.0.1"),
            ("AllowedHosts", "hub.example;node")
        );

        Assert.Contains(
            " hub.example ",
            await server.SeenAsync("/", ("X-Forwarded-Host", "hub.example")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            " node ",
            await server.SeenAsync("/", ("X-Forwarded-Host", "elsewhere.example")),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("/hubs/presence", "/presence /hubs/presence")]
    [InlineData("/presence/hubs/presence", "/presence /hubs/presence")]
    [InlineData("/Presence/hubs/presence", "/presence /hubs/presence")]
    [InlineData("/presence/", "/presence /")]
    [InlineData("/presences", "/presence /presences")]
    [InlineData("/presence/presence/x", "/presence /presence/x")]
    public async Task PathBase_KeptOrStrippedByTheProxy_IsTheSame(string path, string expected)
    {
        await using var configured = await ProxiedServer.StartAsync(("Http:PathBase", "/presence"));
        await using var forwarded = await ProxiedServer.StartAsync(("Http:KnownProxies:0", "127.0.0.1"));

        Assert.EndsWith($" node {expected}", await configured.SeenAsync(path), StringComparison.Ordinal);
        Assert.EndsWith(
            $" node {expected}",
            await forwarded.SeenAsync(path, ("X-Forwarded-Prefix", "/presence/")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task PathBase_WithoutTrailingSlash_RedirectsToThePage()
    {
        await using var server = await ProxiedServer.StartAsync(("Http:PathBase", "/teams/presence"));

        Assert.Equal("-> /teams/presence/?x=1", await server.SeenAsync("/teams/presence?x=1"));
    }

    [Theory]
    [InlineData("presence")]
    [InlineData("/")]
    [InlineData("/presence/")]
    [InlineData("//presence")]
    [InlineData("/presence?x")]
    [InlineData("/a b")]
    [InlineData("/../presence")]
    [InlineData("/hubs")]
    [InlineData("/openapi")]
    [InlineData("/client/v1")]
    [InlineData("/embed")]
    [InlineData("/playground")]
    [InlineData("/API/presence")]
    public void Validate_InvalidPathBase_NamesTheSetting(string path) =>
        Assert.Contains("Http:PathBase", Failure(new ProxyOptions { PathBase = path }), StringComparison.Ordinal);

    [Theory]
    [InlineData("proxy.example")]
    [InlineData("10")]
    [InlineData("10.0.0.0/33")]
    [InlineData("*")]
    [InlineData("")]
    public void Validate_InvalidProxyAddress_NamesTheIndex(string proxy) =>
        Assert.Contains(
            "Http:KnownProxies:1 ",
            Failure(new ProxyOptions { KnownProxies = ["::1", proxy] }),
            StringComparison.Ordinal
        );

    [Fact]
    public void Validate_GoodSettings_Succeeds() =>
        Assert.True(
            new ProxyOptionsValidator()
                .Validate(
                    null,
                    new ProxyOptions
                    {
                        KnownProxies = ["10.0.0.5", "10.0.0.0/8", "fd00::/8", "2001:db8::1", "0.0.0.0/0"],
                        PathBase = "/teams/presence-hub_1.0",
                    }
                )
                .Succeeded
        );

    private static string Failure(ProxyOptions options) =>
        new ProxyOptionsValidator().Validate(null, options).FailureMessage!;
}
