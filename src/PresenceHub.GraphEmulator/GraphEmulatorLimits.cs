using System.ComponentModel.DataAnnotations;

namespace PresenceHub.GraphEmulator;

/// <summary>Quotas of Graph, per application and tenant. The defaults are the documented values.</summary>
public sealed class GraphEmulatorLimits
{
    /// <summary>
    /// Presence calls within <see cref="PresenceWindow"/>: 1 to 10,000,000. Default 1,500, as the method pages say; the
    /// limits page says 10,000.
    /// </summary>
    [Range(1, 10_000_000)]
    public int PresenceRequests { get; set; } = 1_500;

    /// <summary>Window of <see cref="PresenceRequests"/>: 1 second to 10 minutes. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan PresenceWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Creations, renewals and deletions of subscriptions within <see cref="SubscriptionWindow"/>: 1 to 10,000,000.
    /// Default 500.
    /// </summary>
    [Range(1, 10_000_000)]
    public int SubscriptionWrites { get; set; } = 500;

    /// <summary>
    /// Reads of one subscription within <see cref="SubscriptionWindow"/>: 1 to 10,000,000. Default 500.
    /// </summary>
    [Range(1, 10_000_000)]
    public int SubscriptionReads { get; set; } = 500;

    /// <summary>Lists of subscriptions within <see cref="SubscriptionWindow"/>: 1 to 10,000,000. Default 25.</summary>
    [Range(1, 10_000_000)]
    public int SubscriptionLists { get; set; } = 25;

    /// <summary>Calls of reauthorize within <see cref="SubscriptionWindow"/>: 1 to 10,000,000. Default 1,000.</summary>
    [Range(1, 10_000_000)]
    public int Reauthorizations { get; set; } = 1_000;

    /// <summary>Window of the subscription limits: 1 second to 10 minutes. Default 20 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan SubscriptionWindow { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Ids in one getPresencesByUserId call: 1 to 100,000. Default 650.</summary>
    [Range(1, 100_000)]
    public int IdsPerRead { get; set; } = 650;

    /// <summary>Distinct ids in one subscription: 1 to 100,000. Default 650.</summary>
    [Range(1, 100_000)]
    public int IdsPerSubscription { get; set; } = 650;

    /// <summary>Live presence subscriptions of one application and signed-in user: 1 to 1,000. Default 1.</summary>
    [Range(1, 1_000)]
    public int SubscriptionsPerAccount { get; set; } = 1;

    /// <summary>Longest lifetime of a subscription: 10 seconds to 7 days. Default 60 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "7.00:00:00")]
    public TimeSpan SubscriptionLife { get; set; } = TimeSpan.FromMinutes(60);

    /// <summary>
    /// Shortest lifetime of a subscription, to which a shorter requested lifetime is raised: 0 to 7 days. Default 45
    /// minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan SubscriptionFloor { get; set; } = TimeSpan.FromMinutes(45);

    /// <summary>
    /// Answers of an endpoint within 10 minutes from which it can count as slow: 1 to 1,000,000. Default 10; the number
    /// of Graph is not known.
    /// </summary>
    [Range(1, 1_000_000)]
    public int SlowEndpointMinimumAnswers { get; set; } = 10;
}
