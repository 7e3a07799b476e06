using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.Ingest.Graph;

internal sealed class NotificationOptions
{
    public const string SectionName = "Notifications";

    /// <summary>Hold subscriptions and take notifications. Without them presence is only polled.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>When the presence in a notification is stored as it stands.</summary>
    public PayloadTrust TrustPayload { get; set; } = PayloadTrust.WhenSequenced;

    /// <summary>Ask Graph for encrypted notifications that carry the presence and proof of their origin.</summary>
    public bool IncludeResourceData { get; set; } = true;

    /// <summary>POSTs from Graph that may wait to be processed. When it is full Graph is asked to come again.</summary>
    [Range(1, 10_000)]
    public int QueueCapacity { get; set; } = 2048;

    /// <summary>The subjects of a subscription can only be changed by creating another; this is the least time between
    /// two.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan MinRecreateInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest body of a POST. A notification repeats the list of its subscription's people, about 30
    /// kB.</summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 1024 * 1024;
}
