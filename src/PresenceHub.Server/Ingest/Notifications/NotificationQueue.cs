using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>POSTs that were acknowledged and wait to be processed. When it is full the next one is refused, and Graph comes again.</summary>
internal sealed class NotificationQueue(IOptions<NotificationOptions> options, IngestMetrics metrics)
{
    /// <summary>Anybody can fill the queue: its memory is bounded by what was posted, not only by how often.</summary>
    private const int MaxBytes = 64 * 1024 * 1024;

    private readonly Channel<NotificationBatch> _batches = Channel.CreateBounded<NotificationBatch>(options.Value.QueueCapacity);
    private int _bytes;

    /// <summary>More waits than is worked off at once: it has to become cheaper before the queue is full.</summary>
    public bool IsCrowded => _batches.Reader.Count > options.Value.QueueCapacity / 4;

    /// <summary>False when it is full.</summary>
    public bool TryEnqueue(NotificationBatch batch)
    {
        if (Interlocked.Add(ref _bytes, batch.Bytes) > MaxBytes || !_batches.Writer.TryWrite(batch))
        {
            Interlocked.Add(ref _bytes, -batch.Bytes);
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
        }
        while (!_batches.Reader.TryRead(out batch));

        Interlocked.Add(ref _bytes, -batch.Bytes);
        metrics.SetQueued(_batches.Reader.Count);
        return batch;
    }
}
