using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>How notifications of Graph are received.</summary>
internal sealed class NotificationOptions
{
    public const string SectionName = "Notifications";

    /// <summary>
    /// Whether the hub holds subscriptions and accepts notifications. With <c>false</c>, presence is only polled.
    /// </summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// When the presence in a notification is stored without another read: <c>WhenSequenced</c>, <c>Never</c> or
    /// <c>Always</c>. Without a sequence number the store cannot tell an old state from a new one.
    /// </summary>
    public PayloadTrust TrustPayload { get; set; } = PayloadTrust.WhenSequenced;

    /// <summary>
    /// Whether Graph is asked for encrypted notifications, which carry the presence and a proof of their origin. With
    /// <c>false</c>, each notification costs a read.
    /// </summary>
    public bool IncludeResourceData { get; set; } = true;

    /// <summary>
    /// POSTs from Graph that may wait to be processed: 1 to 10,000. When the queue is full, Graph is asked to retry
    /// later. It bounds memory; Graph repeats a refused notification for hours.
    /// </summary>
    [Range(1, 10_000)]
    public int QueueCapacity { get; set; } = 2048;

    /// <summary>
    /// Shortest time between two recreations of a subscription: 0 to 10 minutes. The subjects of a subscription can
    /// only be changed by creating another one, which costs requests.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan MinRecreateInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Longest body of a POST in bytes: 1,024 to 16,777,216. Each notification repeats the list of its subscription's
    /// subjects, about 30 KB.
    /// </summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 1024 * 1024;
}
