using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace PresenceHub.FunctionalTests.Ingest;

/// <summary>An administrator connects, lists and removes accounts.</summary>
public sealed class AccountsTests : IAsyncLifetime
{
    private AccountsTenant _tenant = null!;

    public async Task InitializeAsync() => _tenant = await AccountsTenant.StartAsync();

    public async Task DisposeAsync() => await _tenant.DisposeAsync();

    [Fact]
    public async Task Connect_TwoAccounts_CoverMoreThanOneAndRemainAfterARestart()
    {
        await using (var server = await _tenant.StartHubAsync())
        {
            await using var client = await _tenant.WatchAsync(server, 700);
            using var browser = await AccountsBrowser.SignInAsync(server);
            Assert.Empty(await browser.ListAsync());
            Assert.Equal(0, await _tenant.CoveredAsync());

            await browser.ConnectAsync(_tenant.AccountIds[0]);
            await AccountsTenant.UntilAsync("one account covers its capacity", server, async () =>
                await _tenant.CoveredAsync() is 650
            );
            await browser.ConnectAsync(_tenant.AccountIds[1]);
            await AccountsTenant.UntilAsync("two accounts cover all", server, async () =>
                await _tenant.CoveredAsync() is 700
            );
            await AccountsTenant.UntilAsync("the list reports it", server, async () =>
                (await browser.ListAsync()).Sum(account => account.GetProperty("subjects").GetInt32()) is 700
            );
            var accounts = await browser.ListAsync();
            Assert.NotEmpty(accounts);
            Assert.All(accounts, account =>
                Assert.True(
                    account.GetProperty("subscriptionExpiresAt").GetDateTimeOffset() > TimeProvider.System.GetUtcNow()
                )
            );
            await server.StopAsync();
        }

        await using var next = await _tenant.StartHubAsync();
        using var again = await AccountsBrowser.SignInAsync(next);
        Assert.Equal(
            _tenant.AccountIds.Take(2),
            (await again.ListAsync()).Select(account => account.GetProperty("userId").GetString()!)
        );
        await using var watching = await _tenant.WatchAsync(next, 700);
        await AccountsTenant.UntilAsync("the next node covers all", next, async () =>
            await _tenant.CoveredAsync() is 700
            && (await _tenant.Emulator.SubscriptionsAsync()).All(subscription =>
                subscription
                    .GetProperty("notificationUrl")
                    .GetString()!
                    .StartsWith(next.Address.ToString(), StringComparison.Ordinal)
            )
        );
    }

    [Fact]
    public async Task Connect_ByALink_NeedsNoCookieAndWorksOnce()
    {
        await using var server = await _tenant.StartHubAsync();
        using var browser = await AccountsBrowser.SignInAsync(server);
        var link = await browser.CreateLinkAsync();
        using var other = new AccountsBrowser(server.Address);
        await other.ConnectAsync(_tenant.AccountIds[0], link);
        using var second = await other.GetAsync(link);
        await AccountsBrowser.AssertProblemAsync(second, HttpStatusCode.Forbidden, "unauthorized");
        Assert.Single(await browser.ListAsync());
    }

    [Fact]
    public async Task Delete_ByCookie_NeedsTheHeaderAndDeletesTokensAndSubscription()
    {
        await using var server = await _tenant.StartHubAsync();
        await using var client = await _tenant.WatchAsync(server, 3);
        using var browser = await AccountsBrowser.SignInAsync(server);
        await browser.ConnectAsync(_tenant.AccountIds[0]);
        await AccountsTenant.UntilAsync("covered", server, async () => await _tenant.CoveredAsync() is 3);

        using var forged = await browser.DeleteAsync(_tenant.AccountIds[0], withHeader: false);
        await AccountsBrowser.AssertProblemAsync(forged, HttpStatusCode.Forbidden, "unauthorized");
        Assert.Single(await browser.ListAsync());

        using var removed = await browser.DeleteAsync(_tenant.AccountIds[0], withHeader: true);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Empty(await browser.ListAsync());
        Assert.Empty(await _tenant.Emulator.SubscriptionsAsync());
        await using var redis = await _tenant.ConnectRedisAsync();
        Assert.Empty(redis.GetServers()[0].Keys(pattern: "ph:ingest:accounts:tokens:*"));
        using var again = await browser.DeleteAsync(_tenant.AccountIds[0], withHeader: true);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact]
    public async Task Tokens_InRedis_AreEncrypted()
    {
        await using var server = await _tenant.StartHubAsync();
        using var browser = await AccountsBrowser.SignInAsync(server);
        await browser.ConnectAsync(_tenant.AccountIds[0]);
        await using var redis = await _tenant.ConnectRedisAsync();
        var keys = redis.GetServers()[0].Keys(pattern: "ph:ingest:accounts:tokens:*").ToArray();
        var encryptedTokens = (string)(await redis.GetDatabase().StringGetAsync(Assert.Single(keys)))!;
        Assert.NotEmpty(encryptedTokens);
        Assert.DoesNotContain("eyJ", encryptedTokens, StringComparison.Ordinal);
        Assert.DoesNotContain("RefreshToken", encryptedTokens, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Actions_OfAnAdministrator_AreAudited()
    {
        const string Key = "a key of the operator";
        await using var server = await _tenant.StartHubAsync(("Audit__Key", Key));
        using var browser = await AccountsBrowser.SignInAsync(server);
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
}
