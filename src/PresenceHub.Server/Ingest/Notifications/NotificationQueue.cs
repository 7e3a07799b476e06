using System.Threading.Channels;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// The acknowledged POSTs that wait to be processed, bounded by their number, items and memory. When it is full, the
/// next POST is refused, and Graph retries.
/// </summary>
internal sealed class NotificationQueue(IOptions<NotificationOptions> options, IngestMetrics metrics)
{
    /// <summary>About as many as fit into the memory. Each item may need a decryption.</summary>
    internal const int MaxItems = 32_768;

    internal const long MaxBytes = 64 * 1024 * 1024;

    /// <summary>The queue is crowded when more than this part of one of its bounds is used: a quarter.</summary>
    private const int CrowdedPart = 4;

    private readonly Channel<NotificationBatch> _batches = Channel.CreateBounded<NotificationBatch>(
        options.Value.QueueCapacity
    );
    private long _bytes;
    private int _items;

    /// <summary>Whether processing has to become cheaper, so that the queue does not fill up.</summary>
    public bool IsCrowded =>
        _batches.Reader.Count > options.Value.QueueCapacity / CrowdedPart
        || Volatile.Read(ref _items) > MaxItems / CrowdedPart
        || Interlocked.Read(ref _bytes) > MaxBytes / CrowdedPart;

    /// <summary>Returns false when the queue is full.</summary>
    public bool TryEnqueue(NotificationBatch batch)
    {
        var (bytes, items) = (Interlocked.Add(ref _bytes, batch.Bytes), Interlocked.Add(ref _items, batch.Items.Count));
        if (bytes > MaxBytes || items > MaxItems || !_batches.Writer.TryWrite(batch))
        {
            Release(batch);
            return false;
        }

        metrics.SetQueued(_batches.Reader.Count);
        return true;
    }

    /// <summary>Accepts no more batches. Readers receive the remaining ones and then null.</summary>
    public void Complete() => _batches.Writer.TryComplete();

    /// <summary>Returns the next batch, or null when the queue is complete and empty.</summary>
    public async ValueTask<NotificationBatch?> TryDequeueAsync(CancellationToken cancellationToken)
    {
        NotificationBatch? batch;
        do
        {
            if (!await _batches.Reader.WaitToReadAsync(cancellationToken))
            {
                return null;
            }
        } while (!_batches.Reader.TryRead(out batch));

        Release(batch);
        metrics.SetQueued(_batches.Reader.Count);
        return batch;
    }

    private void Release(NotificationBatch batch)
    {
        Interlocked.Add(ref _bytes, -batch.Bytes);
        Interlocked.Add(ref _items, -batch.Items.Count);
    }
}
