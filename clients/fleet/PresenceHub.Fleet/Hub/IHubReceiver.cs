namespace PresenceHub.Fleet.Hub;

/// <summary>Gets the messages of one hub connection, in order, on its receive loop. Implementations must not block.</summary>
internal interface IHubReceiver
{
    /// <summary>One entry of a <c>PresenceChanged</c> or of an answer; the view is valid during the call only.</summary>
    /// <param name="receivedAt">Timestamp of the <see cref="TimeProvider"/> at which the bytes came off the socket.</param>
    void Entry(in EntryView entry, EntrySource source, long receivedAt);

    /// <summary>An id of a <c>Watch</c> was rejected.</summary>
    void Rejected(string id, string reason);

    /// <summary>Everything up to the cursor has been sent.</summary>
    void Bookmark(string cursor);

    /// <summary>The subject may no longer be seen.</summary>
    void Revoked(Guid id);

    /// <summary>The node goes away and asks the client to reconnect after that long.</summary>
    void Draining(TimeSpan reconnectAfter);
}
