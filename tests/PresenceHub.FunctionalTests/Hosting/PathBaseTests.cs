using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using PresenceHub.FunctionalTests.Ingest;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>A hub below <c>/presence</c>, asked as by a proxy that keeps the prefix and as by one that strips
/// it.</summary>
public sealed class PathBaseTests(PathBaseTests.SharedServer shared) : IClassFixture<PathBaseTests.SharedServer>
{
    private HubServer Server => shared.Server;

    [Theory]
    [InlineData("/presence/")]
    [InlineData("/")]
    public async Task Page_BelowAPrefix_RequestsOnlyPathsBelowIt(string root)
    {
        var page = await Server.Http.GetStringAsync(root);
        var links = page.Split('"').Where(text => text.StartsWith("./", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(links);
        Assert.DoesNotContain("href=\"/", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"/", page, StringComparison.Ordinal);
        foreach (var link in links)
        {
            using var asset = await Server.Http.GetAsync(root + link[2..]);
            Assert.Equal(HttpStatusCode.OK, asset.StatusCode);
            Assert.Equal(
                link.Contains("/assets/", StringComparison.Ordinal),
                asset.Headers.CacheControl!.ToString().Contains("immutable", StringComparison.Ordinal)
            );
        }
    }

    [Theory]
    [InlineData("/presence")]
    [InlineData("")]
    public async Task Hub_BelowAPrefix_ServesClientsReadsAndDevelopment(string prefix)
    {
        await using var client = await WatchingClient.ConnectAsync(
            Server,
            through: new Uri(Server.Address, $"{prefix}/")
        );
        var people = (await Server.Http.GetFromJsonAsync<JsonElement>($"{prefix}/dev/people")).EnumerateArray();
        var id = people.First().GetProperty("id").GetString()!;
        await client.Client.WatchAsync([id]);
        await client.LiveAsync(id);

        using var refused = await Server.Http.GetAsync($"{prefix}/api/presence?ids={id}");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(
            "unauthorized",
            (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()
        );
        Assert.Contains(
            "presencehub_connections",
            await Server.Http.GetStringAsync($"{prefix}/metrics"),
            StringComparison.Ordinal
        );
    }

    /// <summary>The authority sends the browser back to Graph:NotificationUrl, which has the prefix.</summary>
    [Fact]
    public async Task Accounts_BelowAPrefix_AreConnected()
    {
        using var browser = new AccountsBrowser(new Uri(Server.Address, "/presence/"));
        using var signedIn = await browser.SignInAsync();
        Assert.Equal(HttpStatusCode.OK, signedIn.StatusCode);
        Assert.Equal("/presence/admin/accounts", signedIn.RequestMessage!.RequestUri!.AbsolutePath);

        var account = shared.AccountIds[0];
        var callback = await browser.ConnectAsync(account);

        Assert.Equal("/presence/admin/accounts/callback", callback.AbsolutePath);
        Assert.Contains(await browser.ListAsync(), connected => connected.GetProperty("userId").GetString() == account);
    }

    [Fact]
    public async Task Accounts_BelowAForwardedPrefix_KeepCookiesAndRedirectsBelowIt()
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = Server.Address,
        };
        using var signedIn = await http.GetAsync(new Uri("/admin/signin", UriKind.Relative));
        var cookie = Assert.Single(signedIn.Headers.GetValues("Set-Cookie"));
        Assert.Contains("path=/presence/admin;", cookie, StringComparison.OrdinalIgnoreCase);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/accounts/connect");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        request.Headers.Add("X-Forwarded-Prefix", "/elsewhere");
        using var connecting = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Redirect, connecting.StatusCode);
        Assert.Contains(
            "path=/presence/admin/accounts",
            Assert.Single(connecting.Headers.GetValues("Set-Cookie")),
            StringComparison.OrdinalIgnoreCase
        );
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Forwarded-Host", "localhost")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    public async Task SignInForDevelopment_ThroughAProxyThatSaysItIsThisMachine_IsRefused(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/signin");
        request.Headers.Add(header, value);

        using var response = await Server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("https", HttpStatusCode.OK)]
    [InlineData("http", HttpStatusCode.Forbidden)]
    public async Task Read_ThroughAKnownProxy_HasTheForwardedOrigin(string scheme, HttpStatusCode expected)
    {
        var (token, _) = await Server.SignInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/presence?ids=a");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Origin", $"{scheme}://hub.example");
        request.Headers.Add("X-Forwarded-Host", "hub.example:443");

        using var response = await Server.Http.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
    }

    public sealed class SharedServer : IAsyncLifetime
    {
        private AccountsTenant _tenant = null!;

        internal HubServer Server { get; private set; } = null!;

        internal IReadOnlyList<string> AccountIds => _tenant.AccountIds;

        public async Task InitializeAsync()
        {
            _tenant = await AccountsTenant.StartAsync();
            Server = await _tenant.StartHubAsync(
                ("Http__PathBase", "/presence"),
                ("Http__KnownProxies__0", "127.0.0.0/8")
            );
        }

        public async Task DisposeAsync()
        {
            await Server.DisposeAsync();
            await _tenant.DisposeAsync();
        }
    }
}
