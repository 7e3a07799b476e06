namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>What a new subscription sends to Graph. Everything is secret except for <paramref name="Name"/>.</summary>
/// <param name="Segment">The secret segment of both URLs.</param>
/// <param name="Name">Identifies the segment without disclosing it.</param>
internal sealed record WebhookAddress(string Segment, string Name, string ClientState)
{
    /// <summary>The path to which Graph posts changes. The segment follows it.</summary>
    public const string NotificationPath = "/graph/notifications";

    /// <summary>The path to which Graph posts lifecycle events. The segment follows it.</summary>
    public const string LifecyclePath = "/graph/lifecycle";

    public string NotificationUrl(string baseUrl) => $"{baseUrl}{NotificationPath}/{Segment}";

    public string LifecycleUrl(string baseUrl) => $"{baseUrl}{LifecyclePath}/{Segment}";

    /// <summary>
    /// The form of the notification URL in the record of the subscription, which must not hold the secret.
    /// </summary>
    public string RecordedUrl(string baseUrl) => $"{baseUrl}{NotificationPath}#{Name}";

    /// <summary>Keeps the segment out of logs.</summary>
    public override string ToString() => Name;
}
