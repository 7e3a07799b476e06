namespace PresenceHub.Contracts;

/// <summary>What the hub tells its clients. Method names are the protocol.</summary>
public interface IPresenceClient
{
    /// <summary>New entries: of each subject keep the one with the greater (epoch, revision); an equal one
    /// replaces.</summary>
    Task PresenceChanged(IReadOnlyList<PresenceEntry> entries);

    /// <summary>Everything up to this cursor has been sent on this connection.</summary>
    Task Bookmark(string cursor);

    /// <summary>These subjects may no longer be seen: forget them.</summary>
    Task Revoked(IReadOnlyList<string> ids);

    /// <summary>This node is going away.</summary>
    Task Draining(DrainNotice notice);
}
