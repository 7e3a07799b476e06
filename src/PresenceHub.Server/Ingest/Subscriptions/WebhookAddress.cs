namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>What a new subscription tells Graph. It is secret, except for <paramref name="Name"/>.</summary>
/// <param name="Segment">The unguessable segment of both URLs.</param>
/// <param name="Name">Tells this segment from others without disclosing it.</param>
internal sealed record WebhookAddress(string Segment, string Name, string ClientState)
{
    /// <summary>Where Graph posts changes, followed by the segment.</summary>
    public const string NotificationPath = "/graph/notifications";

    /// <summary>Where Graph posts lifecycle events, followed by the segment.</summary>
    public const string LifecyclePath = "/graph/lifecycle";

    public string NotificationUrl(string baseUrl) => $"{baseUrl}{NotificationPath}/{Segment}";

    public string LifecycleUrl(string baseUrl) => $"{baseUrl}{LifecyclePath}/{Segment}";

    /// <summary>The notification URL as it is recorded: a record in Redis holds no secret.</summary>
    public string RecordedUrl(string baseUrl) => $"{baseUrl}{NotificationPath}#{Name}";

    /// <summary>Keeps the segment out of whatever prints the address.</summary>
    public override string ToString() => Name;
}
