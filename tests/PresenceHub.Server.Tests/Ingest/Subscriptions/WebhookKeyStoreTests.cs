using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Accounts;
using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Server.Tests.Ingest.Subscriptions;

[Trait("Category", "Functional")]
public sealed class WebhookKeyStoreTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    private readonly IngestKeys _keys = RedisFixture.CreateKeys();
    private readonly EphemeralDataProtectionProvider _protection = new();

    [Fact]
    public async Task RefreshAsync_ManyNodesAtOnce_HaveTheSameKey()
    {
        var nodes = Enumerable.Range(0, 8).Select(_ => new WebhookKeys(TimeProvider.System)).ToArray();
        await Task.WhenAll(nodes.Select(RefreshAsync));
        var address = nodes[0].CreateAddress();
        Assert.NotEmpty(nodes);
        Assert.All(nodes, node =>
            Assert.True(node.IsSegment(address.Segment) && node.IsClientState(address.ClientState))
        );
    }

    [Fact]
    public async Task RefreshAsync_RedisLostTheKey_StoresItAgain()
    {
        var node = new WebhookKeys(TimeProvider.System);
        await RefreshAsync(node);
        await redis.Redis.GetDatabase().KeyDeleteAsync(_keys.WebhookKey);

        await RefreshAsync(node);
        var later = new WebhookKeys(TimeProvider.System);
        await RefreshAsync(later);

        Assert.True(later.IsSegment(node.CreateAddress().Segment));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("no JSON")]
    [InlineData("""{"MadeAt":"2026-11-23T10:00:00+00:00","SealedSecret":"AAAA"}""")]
    public async Task RefreshAsync_KeyCannotBeDecrypted_IsReplacedOnceForAllNodes(string stored)
    {
        await redis.Redis.GetDatabase().StringSetAsync(_keys.WebhookKey, stored);
        var (one, two) = (new WebhookKeys(TimeProvider.System), new WebhookKeys(TimeProvider.System));
        await Task.WhenAll(RefreshAsync(one), RefreshAsync(two));
        Assert.True(two.IsSegment(one.CreateAddress().Segment));
    }

    [Fact]
    public async Task RefreshAsync_StoredKey_IsEncrypted()
    {
        var node = new WebhookKeys(TimeProvider.System);
        await RefreshAsync(node);
        string stored = (await redis.Redis.GetDatabase().StringGetAsync(_keys.WebhookKey))!;
        Assert.NotEmpty(stored);
        Assert.DoesNotContain(Convert.ToBase64String(node.Current!.ExportSecret()), stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefreshAsync_NewInstallation_DoesNotAcceptThePathWithoutASegment()
    {
        var node = new WebhookKeys(TimeProvider.System);
        await RefreshAsync(node);
        Assert.False(node.AcceptsPathWithoutSegment);
    }

    [Fact]
    public async Task RefreshAsync_LeaderOfThePreviousVersionHasASubscription_AllNodesAcceptThePathWithoutASegment()
    {
        await PutHealthAsync(TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(30));
        var (one, two) = (new WebhookKeys(TimeProvider.System), new WebhookKeys(TimeProvider.System));
        await RefreshAsync(one);
        await RefreshAsync(two);
        Assert.True(one.AcceptsPathWithoutSegment && two.AcceptsPathWithoutSegment);

        // It stays so when Redis loses the key and a node puts it back.
        await redis.Redis.GetDatabase().KeyDeleteAsync(_keys.WebhookKey);
        await RefreshAsync(one);
        var three = new WebhookKeys(TimeProvider.System);
        await RefreshAsync(three);
        Assert.True(three.AcceptsPathWithoutSegment);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(-1)]
    public async Task RefreshAsync_PreviousVersionHadNoSubscription_DoesNotAcceptThePathWithoutASegment(int? minutes)
    {
        await PutHealthAsync(minutes is { } past ? TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(past) : null);
        var node = new WebhookKeys(TimeProvider.System);
        await RefreshAsync(node);
        Assert.False(node.AcceptsPathWithoutSegment);
    }

    /// <summary>Its subscriptions have been made with a segment, since there was a key.</summary>
    [Fact]
    public async Task RefreshAsync_KeyIsReplaced_DoesNotAcceptThePathWithoutASegment()
    {
        await PutHealthAsync(TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(30));
        await redis.Redis.GetDatabase().StringSetAsync(_keys.WebhookKey, "{}");
        var node = new WebhookKeys(TimeProvider.System);
        await RefreshAsync(node);
        Assert.False(node.AcceptsPathWithoutSegment);
    }

    [Fact]
    public async Task RefreshAsync_HealthCannotBeRead_DoesNotAcceptThePathWithoutASegment()
    {
        await redis.Redis.GetDatabase().StringSetAsync(_keys.AccountHealth, "no JSON");
        var node = new WebhookKeys(TimeProvider.System);
        await RefreshAsync(node);
        Assert.False(node.AcceptsPathWithoutSegment);
    }

    private AccountRegistry Accounts => new(redis.Redis, _keys, TimeProvider.System);

    private Task PutHealthAsync(DateTimeOffset? expiresAt) =>
        Accounts.PutHealthAsync(
            [(Guid.NewGuid(), new SubscriptionHealth(1, expiresAt, null, false))],
            CancellationToken.None
        );

    private async Task RefreshAsync(WebhookKeys local)
    {
        using var store = new WebhookKeyStore(
            redis.Redis,
            _keys,
            _protection,
            local,
            Accounts,
            TimeProvider.System,
            NullLogger<WebhookKeyStore>.Instance
        );
        await store.RefreshAsync(CancellationToken.None);
    }
}
