namespace PresenceHub.Fleet.Checking;

/// <summary>The entry of one subject in one view, and the last pushes of it.</summary>
internal struct ViewSlot
{
    /// <summary>The entry held.</summary>
    public EntryOrder Held;

    /// <summary>The last entry pushed on this connection.</summary>
    public EntryOrder Pushed;

    /// <summary>The entry that was held when the present or last <c>Watch</c> was sent: its answer must not be
    /// older.</summary>
    public EntryOrder HeldWhenAsked;

    /// <summary>Fingerprint of the presence held.</summary>
    public ulong State;

    /// <summary>Fingerprint of observedAt and freshness of the last pushed entry.</summary>
    public ulong PushedConfirmation;

    /// <summary>The newest driven change held; -1 for none.</summary>
    public int Change;

    public bool HasEntry;
    public bool HasPush;
    public bool AskedSincePush;
    public bool IsRejected;
    public bool IsRevoked;
}
