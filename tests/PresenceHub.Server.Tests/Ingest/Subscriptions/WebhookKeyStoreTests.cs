using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using PresenceHub.Server.Ingest;
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
        Assert.All(nodes, node => Assert.True(node.IsSegment(address.Segment) && node.IsClientState(address.ClientState)));
    }

    [Fact]
    public async Task RefreshAsync_RedisLostIt_PutsItBackForOthers()
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
    public async Task RefreshAsync_CannotBeOpened_IsMadeOnceForAllNodes(string stored)
    {
        await redis.Redis.GetDatabase().StringSetAsync(_keys.WebhookKey, stored);
        var (one, two) = (new WebhookKeys(TimeProvider.System), new WebhookKeys(TimeProvider.System));
        await Task.WhenAll(RefreshAsync(one), RefreshAsync(two));
        Assert.True(two.IsSegment(one.CreateAddress().Segment));
    }

    [Fact]
    public async Task RefreshAsync_InRedis_TheKeyIsSealed()
    {
        var node = new WebhookKeys(TimeProvider.System);
        await RefreshAsync(node);
        string stored = (await redis.Redis.GetDatabase().StringGetAsync(_keys.WebhookKey))!;
        Assert.DoesNotContain(Convert.ToBase64String(node.Current!.ExportSecret()), stored, StringComparison.Ordinal);
    }

    private async Task RefreshAsync(WebhookKeys local)
    {
        using var store = new WebhookKeyStore(
            redis.Redis, _keys, _protection, local, TimeProvider.System, NullLogger<WebhookKeyStore>.Instance);
        await store.RefreshAsync(CancellationToken.None);
    }
}
