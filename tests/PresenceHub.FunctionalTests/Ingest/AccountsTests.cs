using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Ingest;

public sealed class AccountsTests : IAsyncLifetime
{
    private AccountsTenant _tenant = null!;

    public async Task InitializeAsync() => _tenant = await AccountsTenant.StartAsync();

    public async Task DisposeAsync() => await _tenant.DisposeAsync();

    [Fact]
    public async Task Connect_TwoAccounts_CoverMoreThanOneCanAndStayAfterARestart()
    {
        await using (var server = await _tenant.StartHubAsync())
        {
            await using var client = await WatchAsync(server, 700);
            using var browser = await SignInAsync(server);
            Assert.Empty(await browser.ListAsync());
            Assert.Equal(0, await _tenant.CoveredAsync());

            await browser.ConnectAsync(_tenant.AccountIds[0]);
            await AccountsTenant.UntilAsync("one account covers what it can", server, async () =>
                await _tenant.CoveredAsync() is 650
            );
            await browser.ConnectAsync(_tenant.AccountIds[1]);
            await AccountsTenant.UntilAsync("two accounts cover all", server, async () =>
                await _tenant.CoveredAsync() is 700
            );
            await AccountsTenant.UntilAsync("the list says so", server, async () =>
                (await browser.ListAsync()).Sum(account => account.GetProperty("subjects").GetInt32()) is 700
            );
            Assert.All(await browser.ListAsync(), account =>
                Assert.True(
                    account.GetProperty("subscriptionExpiresAt").GetDateTimeOffset() > TimeProvider.System.GetUtcNow()
                )
            );
            await server.StopAsync();
        }

        await using var next = await _tenant.StartHubAsync();
        using var again = await SignInAsync(next);
        Assert.Equal(
            _tenant.AccountIds.Take(2),
            (await again.ListAsync()).Select(account => account.GetProperty("userId").GetString()!)
        );
        await using var watching = await WatchAsync(next, 700);
        await AccountsTenant.UntilAsync("the next node covers all", next, async () =>
            await _tenant.CoveredAsync() is 700
            && (await _tenant.SubscriptionsAsync()).All(subscription =>
                subscription
                    .GetProperty("notificationUrl")
                    .GetString()!
                    .StartsWith(next.Address.ToString(), StringComparison.Ordinal)
            )
        );
    }

    [Fact]
    public async Task Tokens_InRedis_AreSealed()
    {
        await using var server = await _tenant.StartHubAsync();
        using var browser = await SignInAsync(server);
        await browser.ConnectAsync(_tenant.AccountIds[0]);
        await using var redis = await _tenant.ConnectRedisAsync();
        var keys = redis.GetServers()[0].Keys(pattern: "ph:ingest:accounts:tokens:*").ToArray();
        var sealedTokens = (string)(await redis.GetDatabase().StringGetAsync(Assert.Single(keys)))!;
        Assert.DoesNotContain("eyJ", sealedTokens, StringComparison.Ordinal);
        Assert.DoesNotContain("RefreshToken", sealedTokens, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accounts_WhoIsNoAdministrator_IsRefused()
    {
        await using var server = await _tenant.StartHubAsync();
        foreach (var path in (string[])["/admin/accounts", "/admin/accounts/connect"])
        {
            using var anonymous = await server.Http.GetAsync(new Uri(path, UriKind.Relative));
            await AssertProblemAsync(anonymous, HttpStatusCode.Unauthorized, "unauthorized");

            var (token, _) = await server.SignInAsync();
            using var request = new HttpRequestMessage(HttpMethod.Get, path)
            {
                Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
            };
            using var watcher = await server.Http.SendAsync(request);
            await AssertProblemAsync(watcher, HttpStatusCode.Forbidden, "unauthorized");
        }

        using var deleted = await server.Http.DeleteAsync(
            new Uri($"/admin/accounts/{_tenant.AccountIds[0]}", UriKind.Relative)
        );
        Assert.Equal(HttpStatusCode.Unauthorized, deleted.StatusCode);
    }

    [Fact]
    public async Task Callback_ForgedStrangeOrReplayed_IsRefusedAndConnectsNobody()
    {
        await using var server = await _tenant.StartHubAsync();
        using var browser = await SignInAsync(server);
        using var stranger = new AccountsBrowser(server.Address);

        var callback = await browser.LeaveAsync(_tenant.AccountIds[0]);
        using var fromElsewhere = await stranger.GetAsync(callback.ToString());
        await AssertProblemAsync(fromElsewhere, HttpStatusCode.BadRequest, "invalidRequest");

        var forgedCallback = callback.ToString().Replace("state=", "state=x", StringComparison.Ordinal);
        using var forged = await browser.GetAsync(forgedCallback);
        await AssertProblemAsync(forged, HttpStatusCode.BadRequest, "invalidRequest");
        Assert.Empty(await browser.ListAsync());

        // The same answer of the authority, with the same cookie, a second time.
        var used = await browser.LeaveAsync(_tenant.AccountIds[0]);
        using var copy = browser.Clone();
        using var first = await browser.GetAsync(used.ToString());
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        using var replayed = await copy.GetAsync(used.ToString());
        await AssertProblemAsync(replayed, HttpStatusCode.BadRequest, "invalidRequest");
        Assert.Single(await browser.ListAsync());
    }

    [Fact]
    public async Task Acts_OfAnAdministrator_AreAudited()
    {
        const string Key = "a key of the operator";
        await using var server = await _tenant.StartHubAsync(("Audit__Key", Key));
        using var browser = await SignInAsync(server);
        using var other = new AccountsBrowser(server.Address);
        var link = await browser.CreateLinkAsync();
        await other.ConnectAsync(_tenant.AccountIds[0], link);
        using var again = await other.GetAsync(link);
        using var forged = await browser.DeleteAsync(_tenant.AccountIds[0], withHeader: false);
        using var removed = await browser.DeleteAsync(_tenant.AccountIds[0], withHeader: true);
        using var unknown = await browser.DeleteAsync(_tenant.AccountIds[0], withHeader: true);

        var (administrator, ticket, account) = (Hash("local"), Hash(link.Split('/')[^1]), Hash(_tenant.AccountIds[0]));
        await server.OutputLineAsync($"Audit: account.link by administrator {administrator} on link {ticket}: done");
        await server.OutputLineAsync($"Audit: account.signin by link {ticket} on sign-in ");
        await server.OutputLineAsync($" on account {account}: done");
        await server.OutputLineAsync(" by anonymous on nothing: refused (");
        await server.OutputLineAsync(
            $"Audit: account.remove by administrator {administrator} on nothing: refused (403)"
        );
        await server.OutputLineAsync(
            $"Audit: account.remove by administrator {administrator} on account {account}: done"
        );
        await server.OutputLineAsync(
            $"Audit: account.remove by administrator {administrator} on account {account}: refused (404)"
        );
        Assert.DoesNotContain(server.Output, line => line.Contains(_tenant.AccountIds[0], StringComparison.Ordinal));

        static string Hash(string id) =>
            Convert.ToHexStringLower(
                HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes(id.ToLowerInvariant()))
            )[..16];
    }

    [Fact]
    public async Task Connect_ByALink_NeedsNoCookieAndWorksOnce()
    {
        await using var server = await _tenant.StartHubAsync();
        using var browser = await SignInAsync(server);
        var link = await browser.CreateLinkAsync();
        using var other = new AccountsBrowser(server.Address);
        await other.ConnectAsync(_tenant.AccountIds[0], link);
        using var second = await other.GetAsync(link);
        await AssertProblemAsync(second, HttpStatusCode.Forbidden, "unauthorized");
        Assert.Single(await browser.ListAsync());
    }

    [Fact]
    public async Task StateAndTicket_EachInPlaceOfTheOther_AreRefusedAndStayGood()
    {
        await using var server = await _tenant.StartHubAsync();
        using var browser = await SignInAsync(server);
        var callback = await browser.LeaveAsync(_tenant.AccountIds[0]);
        var state = QueryHelpers.ParseQuery(callback.Query)["state"].ToString();
        using var stranger = new AccountsBrowser(server.Address);
        using var begun = await stranger.GetAsync($"admin/accounts/connect/{state}");
        await AssertProblemAsync(begun, HttpStatusCode.Forbidden, "unauthorized");

        var link = await browser.CreateLinkAsync();
        using var other = browser.Clone();
        var ticket = link[(link.LastIndexOf('/') + 1)..];
        using var ended = await other.GetAsync(callback.ToString().Replace(state, ticket, StringComparison.Ordinal));
        await AssertProblemAsync(ended, HttpStatusCode.BadRequest, "invalidRequest");
        Assert.Empty(await browser.ListAsync());

        using var completed = await browser.GetAsync(callback.ToString());
        Assert.Equal(HttpStatusCode.OK, completed.StatusCode);
        await stranger.ConnectAsync(_tenant.AccountIds[1], link);
        Assert.Equal(2, (await browser.ListAsync()).Length);
    }

    [Fact]
    public async Task Delete_ByCookie_NeedsTheHeaderAndTakesTokensAndSubscriptionWithIt()
    {
        await using var server = await _tenant.StartHubAsync();
        await using var client = await WatchAsync(server, 3);
        using var browser = await SignInAsync(server);
        await browser.ConnectAsync(_tenant.AccountIds[0]);
        await AccountsTenant.UntilAsync("covered", server, async () => await _tenant.CoveredAsync() is 3);

        using var forged = await browser.DeleteAsync(_tenant.AccountIds[0], withHeader: false);
        await AssertProblemAsync(forged, HttpStatusCode.Forbidden, "unauthorized");
        Assert.Single(await browser.ListAsync());

        using var removed = await browser.DeleteAsync(_tenant.AccountIds[0], withHeader: true);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Empty(await browser.ListAsync());
        Assert.Empty(await _tenant.SubscriptionsAsync());
        await using var redis = await _tenant.ConnectRedisAsync();
        Assert.Empty(redis.GetServers()[0].Keys(pattern: "ph:ingest:accounts:tokens:*"));
        using var again = await browser.DeleteAsync(_tenant.AccountIds[0], withHeader: true);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact]
    public async Task SignInForDevelopment_NotAddressedAsThisMachine_IsRefused()
    {
        await using var server = await _tenant.StartHubAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/signin")
        {
            Headers = { Host = "hub.example" },
        };
        using var response = await server.Http.SendAsync(request);
        await AssertProblemAsync(response, HttpStatusCode.Forbidden, "unauthorized");
    }

    [Fact]
    public async Task Revoked_AnAccount_NeedsSignInWhileOthersAndPollsTakeOverAndIsMendedByConnecting()
    {
        await using var server = await _tenant.StartHubAsync();
        using var browser = await SignInAsync(server);
        await browser.ConnectAsync(_tenant.AccountIds[0]);
        await using var client = await WatchAsync(server, 3);
        await AccountsTenant.UntilAsync("covered", server, async () => await _tenant.CoveredAsync() is 3);

        await _tenant.RevokeAsync(_tenant.AccountIds[0]);
        var people = await _tenant.PeopleAsync(5);
        await client.Client.WatchAsync([people[3]]);
        await AccountsTenant.UntilAsync("it needs a sign-in", server, async () =>
            (await browser.ListAsync()).Single() is var account
            && account.GetProperty("needsSignIn").GetBoolean()
            && account.GetProperty("lastError").GetString() is "signInNeeded"
        );
        await server.OutputLineAsync("The sign-in of a delegated account has ended");
        await _tenant.SetPresenceAsync(people[0], "DoNotDisturb", "Presenting");
        await client.ShowsAsync(people[0], "DoNotDisturb", TimeSpan.FromSeconds(20));

        await browser.ConnectAsync(_tenant.AccountIds[1]);
        await AccountsTenant.UntilAsync("the other account covers all", server, async () =>
            (await _tenant.SubscriptionsAsync()).Any(subscription =>
                subscription.GetProperty("accountId").GetString() == _tenant.AccountIds[1]
                && subscription.GetProperty("count").GetInt32() is 4
            )
        );
        await browser.ConnectAsync(_tenant.AccountIds[0]);
        await AccountsTenant.UntilAsync("it is well", server, async () =>
            (await browser.ListAsync()).All(account => !account.GetProperty("needsSignIn").GetBoolean())
        );
    }

    [Fact]
    public async Task Hanging_CallsOfOneAccount_DoNotHoldUpTheOthers()
    {
        await using var server = await _tenant.StartHubAsync();
        using var browser = await SignInAsync(server);
        await browser.ConnectAsync(_tenant.AccountIds[0]);
        await browser.ConnectAsync(_tenant.AccountIds[1]);

        // Longer than the test would wait.
        await _tenant.SetFaultsAsync(
            new
            {
                requests = new[]
                {
                    new
                    {
                        operation = "createSubscription",
                        latency = "00:05:00",
                        times = 1,
                    },
                },
            }
        );
        await using var client = await WatchAsync(server, 700);
        await AccountsTenant.UntilAsync("the other account covers its share", server, async () =>
            await _tenant.CoveredAsync() is > 0
        );
        Assert.False(
            server.Output.Any(line => line.Contains("cannot be kept", StringComparison.Ordinal)),
            "The call that hangs was over already"
        );
    }

    [Fact]
    public async Task SilentDeath_OfASubscription_IsDetectedAndMended()
    {
        await using var server = await _tenant.StartHubAsync(
            ("Polling__Period", "00:00:02"),
            ("Subscriptions__NotificationPatience", "00:00:02")
        );
        using var browser = await SignInAsync(server);
        await browser.ConnectAsync(_tenant.AccountIds[0]);
        await using var client = await WatchAsync(server, 5);
        await AccountsTenant.UntilAsync("covered", server, async () => await _tenant.CoveredAsync() is 5);
        foreach (var person in await _tenant.PeopleAsync(5))
        {
            await client.LiveAsync(person);
        }

        await _tenant.KillSubscriptionAsync(
            (await _tenant.SubscriptionsAsync()).Single().GetProperty("id").GetString()!
        );
        var round = 0;
        await AccountsTenant.UntilAsync("another subscription covers all", server, async () =>
        {
            // Presences change all the time; one reading in between would otherwise be the only one.
            foreach (var person in round++ % 10 is 0 ? await _tenant.PeopleAsync(5) : [])
            {
                await _tenant.SetPresenceAsync(person, round % 20 is 1 ? "DoNotDisturb" : "Busy", "Presenting");
            }

            return await _tenant.CoveredAsync() is 5;
        });
        await server.OutputLineAsync("sends nothing while polls find changes");
        var metrics = await server.Http.GetStringAsync("/metrics");
        Assert.Contains("presencehub_ingest_notifications_missed_total", metrics, StringComparison.Ordinal);
        Assert.Contains("presencehub_ingest_wrong_duration_seconds", metrics, StringComparison.Ordinal);
        Assert.Contains("presencehub_graph_budget_used", metrics, StringComparison.Ordinal);
    }

    private static async Task<AccountsBrowser> SignInAsync(HubServer server)
    {
        var browser = new AccountsBrowser(server.Address);
        using var response = await browser.SignInAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return browser;
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(
            code,
            JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString()
        );
    }

    private async Task<WatchingClient> WatchAsync(HubServer server, int count)
    {
        var client = await WatchingClient.ConnectAsync(server);
        foreach (var part in (await _tenant.PeopleAsync(count)).Chunk(500))
        {
            await client.Client.WatchAsync(part);
        }

        return client;
    }
}
