using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Notifications;

namespace PresenceHub.Server.Tests.Ingest.Notifications;

public sealed class NotificationQueueTests
{
    private readonly NotificationQueue _queue = new(
        Options.Create(new NotificationOptions { QueueCapacity = 100 }),
        TestMetrics.Create()
    );

    [Theory]
    [InlineData(26, 1, 0)]
    [InlineData(1, (NotificationQueue.MaxItems / 4) + 1, 0)]
    [InlineData(2, 1, 5_000_000)]
    public async Task IsCrowded_MoreThanAQuarterOfABound_IsTrueUntilDequeued(int batches, int items, int characters)
    {
        var batch = BatchOf(items, characters);
        for (var i = 0; i < batches; i++)
        {
            Assert.False(_queue.IsCrowded);
            Assert.True(_queue.TryEnqueue(batch));
        }

        Assert.True(_queue.IsCrowded);
        await _queue.TryDequeueAsync(CancellationToken.None);
        Assert.False(_queue.IsCrowded);
    }

    private static NotificationBatch BatchOf(int items, int characters) =>
        new(
            [
                .. Enumerable.Repeat(
                    new ChangeNotification(null, new string('x', characters), null, null, null, null),
                    items
                ),
            ],
            [],
            0,
            0
        );

    [Fact]
    public void TryEnqueue_ManyLongTexts_IsBoundedByMemory()
    {
        var queue = NotificationReceiverHost.CreateQueue();
        var content = new EncryptedContent(new string('x', 512 * 1024), null, null, null);
        var batch = new NotificationBatch([new ChangeNotification(null, null, null, null, null, content)], [], 0, 0);
        Assert.Equal(63, Enumerable.Range(0, 100).Count(_ => queue.TryEnqueue(batch)));
    }

    [Fact]
    public void TryEnqueue_ManyEmptyItems_IsBoundedByNumber()
    {
        var queue = NotificationReceiverHost.CreateQueue(new NotificationOptions { QueueCapacity = 10_000 });
        var items = Enumerable.Repeat(new ChangeNotification(null, null, null, null, null, null), 1000).ToArray();
        var batch = new NotificationBatch(items, [], 0, 0);
        Assert.Equal(NotificationQueue.MaxItems / 1000, Enumerable.Range(0, 100).Count(_ => queue.TryEnqueue(batch)));
    }
}
