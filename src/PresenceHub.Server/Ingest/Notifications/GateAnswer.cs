namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>How a POST is treated, by the URL that it was sent to.</summary>
internal enum GateAnswer
{
    /// <summary>Graph posts to this URL.</summary>
    Open,

    /// <summary>Subscriptions of the version before the webhook key post to this URL.</summary>
    OpenToFormerVersion,

    /// <summary>The URL does not exist.</summary>
    Closed,

    /// <summary>This node has not read the webhook key yet.</summary>
    NotReady,
}
