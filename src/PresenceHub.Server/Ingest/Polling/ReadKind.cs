namespace PresenceHub.Server.Ingest.Polling;

/// <summary>Why subjects are read, which decides what becomes of a failure.</summary>
internal enum ReadKind
{
    /// <summary>They are due. A failure that may pass is repeated; a 503 with a time to wait holds back all
    /// requests.</summary>
    Page,

    /// <summary>They are due, and Graph has answered 503 for them the last time: a further one is their own.</summary>
    SuspectPage,

    /// <summary>A part of a page that has failed. It is not repeated.</summary>
    Part,

    /// <summary>The same, of a page that has failed because most of its known subjects were missing. A missing subject
    /// stays known.</summary>
    MissingPart,

    /// <summary>To see whether Graph answers. It is not repeated.</summary>
    Probe,

    /// <summary>A single subject that Graph has left out while it answered for others: once more is enough.</summary>
    Confirmation,
}
