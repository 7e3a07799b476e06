using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Notifications;
using PresenceHub.Server.Tests.Ingest.Graph;
using static PresenceHub.Server.Tests.Ingest.Notifications.NotificationReceiverHost;

namespace PresenceHub.Server.Tests.Ingest.Notifications;

/// <summary>Which items of a POST are queued.</summary>
public sealed class NotificationReceiverTests
{
    [Fact]
    public async Task ReceiveAsync_SubscriptionUnknownOnThisNode_IsQueuedByItsClientState()
    {
        var queue = CreateQueue();
        var response = await ReceiveAsync(Post(Address.ClientState), queue: queue);
        Assert.Equal(StatusCodes.Status202Accepted, response.StatusCode);
        Assert.Empty(BodyOf(response));
        queue.Complete();
        Assert.Single((await queue.TryDequeueAsync(CancellationToken.None))!.Items);
    }

    [Theory]
    [InlineData("forged", GraphSettings.TenantId)]
    [InlineData(null, GraphSettings.TenantId)]
    [InlineData("", null)]
    [InlineData("", "NA")]
    [InlineData("", "11111111-1111-4111-8111-111111111111")]
    public async Task ReceiveAsync_ForgedItem_Is202AndNotQueued(string? clientState, string? tenantId)
    {
        var queue = CreateQueue();
        var response = await ReceiveAsync(
            Post(clientState is "" ? Address.ClientState : clientState, tenantId),
            queue: queue
        );
        Assert.Equal(StatusCodes.Status202Accepted, response.StatusCode);
        Assert.Empty(BodyOf(response));
        queue.Complete();
        Assert.Null(await queue.TryDequeueAsync(CancellationToken.None));
    }

    [Fact]
    public async Task ReceiveAsync_ForgedAndAuthenticItem_QueuesTheAuthenticOne()
    {
        var queue = CreateQueue();
        var items = new[] { Item("forged", GraphSettings.TenantId), Item(Address.ClientState, GraphSettings.TenantId) };
        await ReceiveAsync(JsonSerializer.Serialize(new { value = items }), queue: queue);
        Assert.Equal(
            Address.ClientState,
            Assert.Single((await queue.TryDequeueAsync(CancellationToken.None))!.Items).ClientState
        );
    }

    /// <summary>Only Redis shows whether they are authentic, so the number of look-ups is limited.</summary>
    [Fact]
    public async Task ReceiveAsync_ManyItemsWithoutASegment_AreQueuedUpToALimit()
    {
        var queue = CreateQueue();
        var items = Enumerable.Repeat(Item("of the previous version", GraphSettings.TenantId), 1000);
        await ReceiveAsync(
            JsonSerializer.Serialize(new { value = items }),
            queue: queue,
            segment: null,
            keys: Upgraded
        );
        Assert.Equal(
            NotificationGate.UnknownPerSecond,
            (await queue.TryDequeueAsync(CancellationToken.None))!.Items.Count
        );
    }

    [Fact]
    public async Task ReceiveAsync_QueueFull_Is503WithRetryAfter()
    {
        var options = new NotificationOptions { QueueCapacity = 1 };
        var queue = CreateQueue(options);
        var post = Post(Address.ClientState);
        Assert.Equal(202, (await ReceiveAsync(post, options: options, queue: queue)).StatusCode);
        var response = await ReceiveAsync(post, options: options, queue: queue);
        Assert.Equal(503, response.StatusCode);
        Assert.Equal("5", response.Headers.RetryAfter);

        await queue.TryDequeueAsync(CancellationToken.None);
        Assert.Equal(202, (await ReceiveAsync(post, options: options, queue: queue)).StatusCode);
    }

    [Fact]
    public async Task ReceiveAsync_QueueFullAndForgedItem_Is202AndDropped()
    {
        var options = new NotificationOptions { QueueCapacity = 1 };
        var queue = CreateQueue(options);
        await ReceiveAsync(Post(Address.ClientState), options: options, queue: queue);
        Assert.Equal(202, (await ReceiveAsync(Post("forged"), options: options, queue: queue)).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?validationToken=abc")]
    public async Task ReceiveAsync_NotificationsOff_Is404(string query) =>
        Assert.Equal(404, (await ReceiveAsync("""{"value":[]}""", new() { Enabled = false }, query)).StatusCode);
}
