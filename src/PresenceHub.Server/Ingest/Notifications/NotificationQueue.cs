using System.Threading.Channels;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// POSTs that were acknowledged and wait to be processed, bounded by their number, items and memory. When it
/// is full the next one is refused, and Graph comes again.
/// </summary>
internal sealed class NotificationQueue(IOptions<NotificationOptions> options, IngestMetrics metrics)
{
    /// <summary>About the most that fit into the memory; each may cost a decryption.</summary>
    internal const int MaxItems = 32_768;

    internal const long MaxBytes = 64 * 1024 * 1024;

    /// <summary>It is crowded from this part of any of its bounds on.</summary>
    private const int CrowdedPart = 4;

    private readonly Channel<NotificationBatch> _batches = Channel.CreateBounded<NotificationBatch>(
        options.Value.QueueCapacity
    );
    private long _bytes;
    private int _items;

    /// <summary>More waits than is worked off at once: it has to become cheaper before the queue is full.</summary>
    public bool IsCrowded =>
        _batches.Reader.Count > options.Value.QueueCapacity / CrowdedPart
        || Volatile.Read(ref _items) > MaxItems / CrowdedPart
        || Interlocked.Read(ref _bytes) > MaxBytes / CrowdedPart;

    /// <summary>False when it is full.</summary>
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

    /// <summary>Takes no more; those who wait get what is left and then null.</summary>
    public void Complete() => _batches.Writer.TryComplete();

    /// <summary>The next batch, or null when there will be none.</summary>
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
