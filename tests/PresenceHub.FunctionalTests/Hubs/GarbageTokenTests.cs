using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hubs;

/// <summary>Tokens that are refused take no place from clients that connect.</summary>
public sealed partial class GarbageTokenTests : IAsyncLifetime
{
    private const int Flood = 200;

    private HubServer _server = null!;

    // One connection can be opened at once, and one more each second.
    public async Task InitializeAsync() =>
        _server = await HubServer.StartInProcessAsync(
            new Dictionary<string, string>
            {
                ["Admission__ConnectsPerSecond"] = "1",
                ["Admission__ConnectBurst"] = "1",
                ["Admission__MaxWait"] = "00:00:00",
                ["WatchLists__MaxConnectionsPerWatcher"] = "1",
            }
        );

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Negotiate_FloodOfRefusedTokens_LeavesThePlaceToAGoodClient()
    {
        var (token, _) = await _server.SignInAsync();
        string[] garbage = ["garbage", "a.b.c", Resigned(token), Unsigned(token), WithOtherClaims(token)];

        var statuses = await Task.WhenAll(
            Enumerable.Range(0, Flood).Select(i => NegotiateAsync(garbage[i % garbage.Length]))
        );

        Assert.Equal(Enumerable.Repeat(HttpStatusCode.Unauthorized, Flood), statuses);
        Assert.Equal(HttpStatusCode.OK, await NegotiateAsync(token));
        Assert.Equal(0, await RefusedAsync());
    }

    [Theory]
    [InlineData("POST", "/hubs/elsewhere/negotiate", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/presence/stream/elsewhere", HttpStatusCode.NotFound)]
    [InlineData("POST", "/api/presence/stream", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/api/presence/stream", HttpStatusCode.Unauthorized)]
    public async Task Connect_FloodOfRefusedTokens_LeavesThePlaceToAGoodClient(
        string method,
        string path,
        HttpStatusCode answer
    )
    {
        var (token, _) = await _server.SignInAsync();

        var statuses = await Task.WhenAll(
            Enumerable.Range(0, Flood).Select(_ => SendAsync(new HttpMethod(method), path, "a.b.c"))
        );

        Assert.Equal(Enumerable.Repeat(answer, Flood), statuses);
        Assert.Equal(HttpStatusCode.OK, await NegotiateAsync(token));
        Assert.Equal(0, await RefusedAsync());
    }

    [Fact]
    public async Task Negotiate_OneUserInALoop_LeavesThePlacesToOthers()
    {
        var (greedy, _) = await _server.SignInAsync();
        await Eventually.GetAsync(() => NegotiateAsync(greedy), status => status is HttpStatusCode.TooManyRequests);

        var (other, _) = await _server.SignInAsync();
        await Eventually.GetAsync(
            async () =>
            {
                await NegotiateAsync(greedy);
                return await NegotiateAsync(other);
            },
            answer => answer is HttpStatusCode.OK
        );
    }

    private static string Resigned(string token) => $"{token[..token.LastIndexOf('.')]}.{new string('A', 342)}";

    private static string Unsigned(string token) => token[..(token.LastIndexOf('.') + 1)];

    private static string WithOtherClaims(string token)
    {
        var parts = token.Split('.');
        var claims = Convert.ToBase64String(Encoding.UTF8.GetBytes("""{"aud":"other","exp":1}""")).TrimEnd('=');
        return $"{parts[0]}.{claims}.{parts[2]}";
    }

    private Task<HttpStatusCode> NegotiateAsync(string token) =>
        SendAsync(HttpMethod.Post, "/hubs/presence/negotiate?negotiateVersion=1", token);

    private async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, string token)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await _server.Http.SendAsync(request);
        return response.StatusCode;
    }

    private async Task<long> RefusedAsync()
    {
        var metrics = await _server.Http.GetStringAsync("/metrics");
        var refused = RefusedConnects().Match(metrics);
        return long.Parse(refused.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("(?m)^presencehub_admission_refused_total\\{[^}]*kind=\"connect\"\\} ([0-9]+)")]
    private static partial Regex RefusedConnects();
}
