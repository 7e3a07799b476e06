using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.WebUtilities;

namespace PresenceHub.FunctionalTests.Ingest;

/// <summary>Requests to the account administration that are refused.</summary>
public sealed class AccountAccessTests : IAsyncLifetime
{
    private AccountsTenant _tenant = null!;

    public async Task InitializeAsync() => _tenant = await AccountsTenant.StartAsync();

    public async Task DisposeAsync() => await _tenant.DisposeAsync();

    [Fact]
    public async Task Accounts_CallerIsNoAdministrator_IsRefused()
    {
        await using var server = await _tenant.StartHubAsync();
        foreach (var path in (string[])["/admin/accounts", "/admin/accounts/connect"])
        {
            using var anonymous = await server.Http.GetAsync(new Uri(path, UriKind.Relative));
            await AccountsBrowser.AssertProblemAsync(anonymous, HttpStatusCode.Unauthorized, "unauthorized");

            var (token, _) = await server.SignInAsync();
            using var request = new HttpRequestMessage(HttpMethod.Get, path)
            {
                Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
            };
            using var watcher = await server.Http.SendAsync(request);
            await AccountsBrowser.AssertProblemAsync(watcher, HttpStatusCode.Forbidden, "unauthorized");
        }

        using var deleted = await server.Http.DeleteAsync(
            new Uri($"/admin/accounts/{_tenant.AccountIds[0]}", UriKind.Relative)
        );
        Assert.Equal(HttpStatusCode.Unauthorized, deleted.StatusCode);
    }

    [Fact]
    public async Task Callback_ForgedOrReplayed_IsRefusedAndConnectsNoAccount()
    {
        await using var server = await _tenant.StartHubAsync();
        using var browser = await AccountsBrowser.SignInAsync(server);
        using var stranger = new AccountsBrowser(server.Address);

        var callback = await browser.LeaveAsync(_tenant.AccountIds[0]);
        using var fromAnotherBrowser = await stranger.GetAsync(callback.ToString());
        await AccountsBrowser.AssertProblemAsync(fromAnotherBrowser, HttpStatusCode.BadRequest, "invalidRequest");

        var forgedCallback = callback.ToString().Replace("state=", "state=x", StringComparison.Ordinal);
        using var forged = await browser.GetAsync(forgedCallback);
        await AccountsBrowser.AssertProblemAsync(forged, HttpStatusCode.BadRequest, "invalidRequest");
        Assert.Empty(await browser.ListAsync());

        // The same callback a second time, with the same cookie.
        var used = await browser.LeaveAsync(_tenant.AccountIds[0]);
        using var copy = browser.Clone();
        using var first = await browser.GetAsync(used.ToString());
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        using var replayed = await copy.GetAsync(used.ToString());
        await AccountsBrowser.AssertProblemAsync(replayed, HttpStatusCode.BadRequest, "invalidRequest");
        Assert.Single(await browser.ListAsync());
    }

    [Fact]
    public async Task StateAndTicket_OneInPlaceOfTheOther_AreRefusedAndRemainValid()
    {
        await using var server = await _tenant.StartHubAsync();
        using var browser = await AccountsBrowser.SignInAsync(server);
        var callback = await browser.LeaveAsync(_tenant.AccountIds[0]);
        var state = QueryHelpers.ParseQuery(callback.Query)["state"].ToString();
        using var stranger = new AccountsBrowser(server.Address);
        using var begun = await stranger.GetAsync($"admin/accounts/connect/{state}");
        await AccountsBrowser.AssertProblemAsync(begun, HttpStatusCode.Forbidden, "unauthorized");

        var link = await browser.CreateLinkAsync();
        using var other = browser.Clone();
        var ticket = link[(link.LastIndexOf('/') + 1)..];
        using var ended = await other.GetAsync(callback.ToString().Replace(state, ticket, StringComparison.Ordinal));
        await AccountsBrowser.AssertProblemAsync(ended, HttpStatusCode.BadRequest, "invalidRequest");
        Assert.Empty(await browser.ListAsync());

        using var completed = await browser.GetAsync(callback.ToString());
        Assert.Equal(HttpStatusCode.OK, completed.StatusCode);
        await stranger.ConnectAsync(_tenant.AccountIds[1], link);
        Assert.Equal(2, (await browser.ListAsync()).Length);
    }

    [Fact]
    public async Task DevelopmentSignIn_HostIsAnotherMachine_IsRefused()
    {
        await using var server = await _tenant.StartHubAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/signin")
        {
            Headers = { Host = "hub.example" },
        };
        using var response = await server.Http.SendAsync(request);
        await AccountsBrowser.AssertProblemAsync(response, HttpStatusCode.Forbidden, "unauthorized");
    }
}
