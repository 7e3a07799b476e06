namespace PresenceHub.Fleet.Hub;

/// <summary>Gets what a protocol finds in hub messages.</summary>
internal interface IHubMessageSink
{
    void Entry(in EntryView entry, EntrySource source);

    void Rejected(string id, string reason);

    void Bookmark(string cursor);

    void Revoked(Guid id);

    void Draining(TimeSpan reconnectAfter);

    /// <summary>The end of a call; its entries came before. <paramref name="cursor"/> is that of a <c>Watch</c>.</summary>
    void Completed(string invocationId, string? error, string? cursor);

    void Ping();

    /// <summary>The hub closes the connection.</summary>
    void Closing(string? error, bool allowReconnect);
}
