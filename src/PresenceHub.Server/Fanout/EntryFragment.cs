using Microsoft.AspNetCore.SignalR;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Fanout;

/// <summary>An entry that is sent to many connections. It is serialized once per protocol.</summary>
internal sealed class EntryFragment(StoredEntry entry)
{
    private byte[]? _json;
    private byte[]? _messagePack;
    private SerializedHubMessage? _jsonFrame;
    private SerializedHubMessage? _messagePackFrame;
    private SerializedHubMessage? _eventFrame;

    public StoredEntry Entry { get; } = entry;

    /// <summary>The fragment of an entry. Pushes and answers to <c>Watch</c> share it.</summary>
    public static EntryFragment Of(StoredEntry entry)
    {
        if (entry.Written is not EntryFragment fragment)
        {
            entry.Written = fragment = new EntryFragment(entry);
        }

        return fragment;
    }

    // Two threads may both serialize it the first time. The results are equal, so either may stay.
    public byte[] Bytes(FrameWriter writer) =>
        writer.IsJson
            ? _json ??= writer.WriteEntry(Entry.ToContract())
            : _messagePack ??= writer.WriteEntry(Entry.ToContract());

    /// <summary>The frame of this entry alone, in which most changes are sent.</summary>
    public SerializedHubMessage Frame(FrameWriter writer)
    {
        ref var frame = ref _messagePackFrame;
        if (writer.IsJson)
        {
            frame = ref writer.IsEvents ? ref _eventFrame : ref _jsonFrame;
        }

        return frame ??= writer.WriteChanges([this]);
    }
}
