using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Ingest;

/// <summary>What an administrator's browser does: keeps cookies and follows redirects, from the hub to the authority
/// and back.</summary>
internal sealed class AccountsBrowser : IDisposable
{
    private const int MaxRedirects = 10;
    private const string ConnectPath = "admin/accounts/connect";

    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _http;

    public AccountsBrowser(Uri hub, CookieCollection? cookies = null)
    {
        _cookies.Add(cookies ?? []);
#pragma warning disable CA5359 // A test's own emulator on loopback, which makes a certificate at every start.
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                CookieContainer = _cookies,
                AllowAutoRedirect = false,
                SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
            }
        )
        {
            BaseAddress = hub,
        };
#pragma warning restore CA5359
    }

    /// <summary>A browser that is signed in as an administrator.</summary>
    public static async Task<AccountsBrowser> SignInAsync(HubServer server)
    {
        var browser = new AccountsBrowser(server.Address);
        using var response = await browser.SignInAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return browser;
    }

    public static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(
            code,
            JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString()
        );
    }

    public Task<HttpResponseMessage> SignInAsync() => GetAsync("admin/signin");

    /// <summary>Connects the account, and returns the address with which the authority sent the browser back.</summary>
    public async Task<Uri> ConnectAsync(string userId, string link = ConnectPath)
    {
        var callback = await LeaveAsync(userId, link);
        using var response = await GetAsync(callback.ToString());
        Assert.Equal(link is ConnectPath ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
        return callback;
    }

    /// <summary>Goes to the authority, signs the account in, and stops before coming back.</summary>
    public async Task<Uri> LeaveAsync(string userId, string link = ConnectPath)
    {
        using var begun = await _http.GetAsync(link);
        Assert.Equal(HttpStatusCode.Redirect, begun.StatusCode);

        // On the authority's page a person picks the account.
        var query = QueryHelpers.ParseQuery(begun.Headers.Location!.Query);
        Assert.Equal("S256", query["code_challenge_method"]);
        using var picked = await _http.GetAsync(
            new Uri(QueryHelpers.AddQueryString(begun.Headers.Location.ToString(), "login_hint", userId))
        );
        Assert.Equal(HttpStatusCode.Redirect, picked.StatusCode);
        return picked.Headers.Location!;
    }

    public async Task<HttpResponseMessage> GetAsync(string url)
    {
        var next = new Uri(_http.BaseAddress!, url);
        for (var i = 0; i < MaxRedirects; i++)
        {
            var response = await _http.GetAsync(next);
            if (response.Headers.Location is not { } location)
            {
                return response;
            }

            next = new Uri(next, location);
            response.Dispose();
        }

        throw new InvalidOperationException("Redirected for ever");
    }

    public async Task<HttpResponseMessage> DeleteAsync(string userId, bool withHeader)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"admin/accounts/{userId}");
        if (withHeader)
        {
            request.Headers.Add("X-PresenceHub-Csrf", "1");
        }

        return await _http.SendAsync(request);
    }

    /// <summary>A link that connects one account in any browser.</summary>
    public async Task<string> CreateLinkAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, ConnectPath)
        {
            Headers = { { "X-PresenceHub-Csrf", "1" } },
        };
        using var response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString()!;
    }

    /// <summary>Another browser with the same cookies: who has stolen them, or pressed a button twice.</summary>
    public AccountsBrowser Clone() => new(_http.BaseAddress!, _cookies.GetAllCookies());

    public async Task<JsonElement[]> ListAsync() =>
        [.. (await _http.GetFromJsonAsync<JsonElement>("admin/accounts")).EnumerateArray()];

    public void Dispose() => _http.Dispose();
}
