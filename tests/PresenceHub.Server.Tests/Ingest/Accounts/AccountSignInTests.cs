using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Identity.Client;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Accounts;
using PresenceHub.Server.Ingest.Graph;
using StackExchange.Redis;

namespace PresenceHub.Server.Tests.Ingest.Accounts;

[Trait("Category", "Functional")]
public sealed class AccountSignInTests
{
    [Fact]
    public async Task CompleteAsync_TwoAccounts_KeepsTheirTokensApart()
    {
        await using var host = await IngestHost.StartAsync(emulator => emulator.ServiceAccounts = 2);
        var first = await ConnectAsync(host, host.Emulator.ServiceAccountIds[0]);
        var second = await ConnectAsync(host, host.Emulator.ServiceAccountIds[1]);
        await ExpectOnlyAsync(first, own: 0, other: 1);
        await ExpectOnlyAsync(second, own: 1, other: 0);

        async Task ExpectOnlyAsync(string home, int own, int other)
        {
            var tokens = await OpenAsync(host, home);
            var ids = host.Emulator.ServiceAccountIds;
            Assert.Contains(ids[own], tokens, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(ids[other], tokens, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task GetTokenAsync_AnotherNode_NeedsNoSignIn()
    {
        await using var host = await IngestHost.StartAsync();
        var home = await ConnectAsync(host, host.Emulator.ServiceAccountId);
        await using var other = await host.StartNodeAsync();
        var token = await other
            .Services.GetRequiredService<AccountSignIn>()
            .GetTokenAsync(home, forceRefresh: true, CancellationToken.None);
        Assert.NotEmpty(token.Token);
    }

    [Fact]
    public async Task GetTokenAsync_TwoAccountsInParallel_ReturnsTheTokensOfEach()
    {
        await using var host = await IngestHost.StartAsync(emulator => emulator.ServiceAccounts = 2);
        string[] homes =
        [
            await ConnectAsync(host, host.Emulator.ServiceAccountIds[0]),
            await ConnectAsync(host, host.Emulator.ServiceAccountIds[1]),
        ];
        var signIn = host.Services.GetRequiredService<AccountSignIn>();
        var tokens = await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(i =>
                    Task.Run(async () =>
                        (
                            i % 2,
                            (
                                await signIn.GetTokenAsync(homes[i % 2], forceRefresh: false, CancellationToken.None)
                            ).Token
                        )
                    )
                )
        );
        Assert.Equal(2, tokens.Distinct().Count());
    }

    [Fact]
    public async Task GetTokenAsync_RevokedSignIn_ThrowsSignInNeeded()
    {
        await using var host = await IngestHost.StartAsync();
        var home = await ConnectAsync(host, host.Emulator.ServiceAccountId);
        await host.RevokeAsync(host.Emulator.ServiceAccountId);
        await Assert.ThrowsAsync<MsalUiRequiredException>(() =>
            host
                .Services.GetRequiredService<AccountSignIn>()
                .GetTokenAsync(home, forceRefresh: true, CancellationToken.None)
        );
    }

    [Fact]
    public async Task GetTokenAsync_RedisIsAway_DoesNotAskForASignIn()
    {
        await using var host = await IngestHost.StartAsync();
        var home = await ConnectAsync(host, host.Emulator.ServiceAccountId);
        await host.Redis.KillAsync();
        var exception = await Assert.ThrowsAnyAsync<Exception>(() =>
            host
                .Services.GetRequiredService<AccountSignIn>()
                .GetTokenAsync(home, forceRefresh: false, CancellationToken.None)
        );
        await host.Redis.RestartAsync();
        Assert.True(exception is RedisException or TimeoutException, exception.ToString());
    }

    [Fact]
    public async Task CompleteAsync_AnotherVerifier_IsRefused()
    {
        await using var host = await IngestHost.StartAsync();
        var signIn = host.Services.GetRequiredService<AccountSignIn>();
        var (url, _) = await signIn.BeginAsync("state", host.Emulator.ServiceAccountId, CancellationToken.None);
        var (_, verifier) = await signIn.BeginAsync("state", host.Emulator.ServiceAccountId, CancellationToken.None);
        await Assert.ThrowsAnyAsync<MsalException>(async () =>
            await signIn.CompleteAsync(await CodeAsync(host, url), verifier, CancellationToken.None)
        );
    }

    private static async Task<string> ConnectAsync(IngestHost host, string userId)
    {
        var signIn = host.Services.GetRequiredService<AccountSignIn>();
        var (url, verifier) = await signIn.BeginAsync("state", userId, CancellationToken.None);
        var result = await signIn.CompleteAsync(await CodeAsync(host, url), verifier, CancellationToken.None);
        return result.Account.HomeAccountId.Identifier;
    }

    private static async Task<string> CodeAsync(IngestHost host, Uri url)
    {
        using var authority = host
            .Services.GetRequiredService<IHttpClientFactory>()
            .CreateClient(GraphClients.AuthorityHttpClient);
        using var response = await authority.GetAsync(url);
        return QueryHelpers.ParseQuery(response.Headers.Location!.Query)["code"].ToString();
    }

    private static async Task<string> OpenAsync(IngestHost host, string home)
    {
        byte[] encrypted = (
            await host
                .Services.GetRequiredService<IConnectionMultiplexer>()
                .GetDatabase()
                .StringGetAsync(host.Services.GetRequiredService<IngestKeys>().AccountTokens(home))
        )!;
        return Encoding.UTF8.GetString(
            host.Services.GetDataProtector("PresenceHub.Accounts.Tokens.v1").Unprotect(encrypted)
        );
    }
}
