using Microsoft.AspNetCore.SignalR;

namespace PresenceHub.Server.Fanout;

/// <summary>
/// The last frames that one flusher built. Connections that watch the same subjects get equal frames for a batch, which
/// are built once. Not thread-safe.
/// </summary>
internal sealed class FrameCache
{
    /// <summary>The number of slots, a power of two. A new frame replaces the one in its slot. Frames have a bounded
    /// size.</summary>
    private const int Slots = 64;

    private readonly Cached[] _slots = new Cached[Slots];

    public SerializedHubMessage GetOrWrite(FrameWriter writer, ReadOnlySpan<EntryFragment> fragments)
    {
        if (fragments.Length is 1)
        {
            return fragments[0].Frame(writer);
        }

        ref var slot = ref _slots[HashCode.Combine(fragments.Length, fragments[0], fragments[^1]) & (Slots - 1)];
        if (slot.Writer != writer || !fragments.SequenceEqual(slot.Fragments))
        {
            slot = new Cached(writer, fragments.ToArray(), writer.WriteChanges(fragments));
        }

        return slot.Frame;
    }

    private readonly record struct Cached(FrameWriter Writer, EntryFragment[] Fragments, SerializedHubMessage Frame);
}
