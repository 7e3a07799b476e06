namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>What becomes of a POST by the URL it was sent to.</summary>
internal enum GateAnswer
{
    /// <summary>Graph posts to this URL.</summary>
    Open,

    /// <summary>Subscriptions of the version before the key post here.</summary>
    OpenToFormerVersion,

    /// <summary>Nothing is here.</summary>
    Closed,

    /// <summary>The key is not known yet.</summary>
    NotReady,
}
