using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Tests.Fanout;

/// <summary>The outbox of a connection that records what it is sent, with time in the test's hand.</summary>
internal sealed class OutboxBench
{
    public const int MaxFrameBytes = 4096;

    public OutboxBench()
    {
        Batch = new ReadyBatch(Ready);
        Outbox = new Outbox(
            new HubOutboxTarget(Connection),
            FrameWriter.Of(Connection.Protocol),
            MaxFrameBytes,
            new Cursor(1, 1),
            Ready,
            Time
        );
    }

    public FakeTimeProvider Time { get; } = new();

    public ReadyOutboxes Ready { get; } = new();

    public FrameCache Frames { get; } = new();

    public RecordingConnection Connection { get; } = new();

    public ReadyBatch Batch { get; }

    public Outbox Outbox { get; }

    public string[] Sent => [.. Connection.Sent];

    public void Mark(StoredEntry entry) => MarkBatch(entry);

    public void MarkBatch(params StoredEntry[] entries)
    {
        Batch.Begin();
        foreach (var entry in entries)
        {
            Outbox.Mark(new EntryFragment(entry), Batch);
        }

        Batch.Complete();
    }

    public void FlushReady()
    {
        while (Ready.TryTake(out var outbox))
        {
            outbox.Flush(Frames);
        }
    }
}
