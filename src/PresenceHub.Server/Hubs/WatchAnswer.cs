using System.Text.Json.Serialization;
using MessagePack;
using PresenceHub.Contracts;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Hubs;

/// <summary>A <see cref="WatchResult"/> on the wire. It shares the serialized entries with pushes.</summary>
[JsonConverter(typeof(WatchAnswerJsonConverter))]
[MessagePackFormatter(typeof(WatchAnswerMessagePackFormatter))]
internal sealed record WatchAnswer(
    FrameWriter Writer,
    IReadOnlyList<StoredEntry> Entries,
    IReadOnlyList<RejectedSubject> Rejected,
    string Cursor
);
