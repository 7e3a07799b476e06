using Microsoft.AspNetCore.SignalR;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Fanout;

/// <summary>An entry on its way to many connections: written once per protocol, whatever their number.</summary>
internal sealed class EntryFragment(StoredEntry entry)
{
    private byte[]? _json;
    private byte[]? _messagePack;
    private SerializedHubMessage? _jsonFrame;
    private SerializedHubMessage? _messagePackFrame;

    public StoredEntry Entry { get; } = entry;

    /// <summary>The fragment of an entry: the same for pushes and for answers to <c>Watch</c>.</summary>
    public static EntryFragment Of(StoredEntry entry)
    {
        if (entry.Written is not EntryFragment fragment)
        {
            entry.Written = fragment = new EntryFragment(entry);
        }

        return fragment;
    }

    // Two threads may both write it the first time; the results are equal, so the last one stays.
    public byte[] Bytes(FrameWriter writer) =>
        writer.IsJson
            ? _json ??= writer.WriteEntry(Entry.ToContract())
            : _messagePack ??= writer.WriteEntry(Entry.ToContract());

    /// <summary>The frame that carries this entry alone, as most changes travel.</summary>
    public SerializedHubMessage Frame(FrameWriter writer) =>
        writer.IsJson ? _jsonFrame ??= writer.WriteChanges([this]) : _messagePackFrame ??= writer.WriteChanges([this]);
}
