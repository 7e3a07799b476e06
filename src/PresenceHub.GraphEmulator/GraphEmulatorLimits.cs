using System.ComponentModel.DataAnnotations;

namespace PresenceHub.GraphEmulator;

/// <summary>Graph's quotas, per application and tenant. Defaults are the documented values.</summary>
public sealed class GraphEmulatorLimits
{
    /// <summary>Presence calls per <see cref="PresenceWindow"/>. Default 1,500 (the method pages; the limits page says
    /// 10,000).</summary>
    [Range(1, 10_000_000)]
    public int PresenceRequests { get; set; } = 1_500;

    /// <summary>Window of <see cref="PresenceRequests"/>. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan PresenceWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Creates, renewals and deletes of subscriptions per <see cref="SubscriptionWindow"/>. Default
    /// 500.</summary>
    [Range(1, 10_000_000)]
    public int SubscriptionWrites { get; set; } = 500;

    /// <summary>Reads of one subscription per <see cref="SubscriptionWindow"/>. Default 500.</summary>
    [Range(1, 10_000_000)]
    public int SubscriptionReads { get; set; } = 500;

    /// <summary>Lists of subscriptions per <see cref="SubscriptionWindow"/>. Default 25.</summary>
    [Range(1, 10_000_000)]
    public int SubscriptionLists { get; set; } = 25;

    /// <summary>Calls of reauthorize per <see cref="SubscriptionWindow"/>. Default 1,000.</summary>
    [Range(1, 10_000_000)]
    public int Reauthorizations { get; set; } = 1_000;

    /// <summary>Window of the subscription limits. Default 20 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan SubscriptionWindow { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Ids in one getPresencesByUserId call. Default 650.</summary>
    [Range(1, 100_000)]
    public int IdsPerRead { get; set; } = 650;

    /// <summary>Distinct ids in one subscription. Default 650.</summary>
    [Range(1, 100_000)]
    public int IdsPerSubscription { get; set; } = 650;

    /// <summary>Live presence subscriptions of one application and signed-in user. Default 1.</summary>
    [Range(1, 1_000)]
    public int SubscriptionsPerAccount { get; set; } = 1;

    /// <summary>Longest life of a subscription. Default 60 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "7.00:00:00")]
    public TimeSpan SubscriptionLife { get; set; } = TimeSpan.FromMinutes(60);

    /// <summary>Shorter requests for life are raised to this. Default 45 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan SubscriptionFloor { get; set; } = TimeSpan.FromMinutes(45);

    /// <summary>Fewest answers of an endpoint within 10 minutes before it can be called slow. Default 10; Graph's own
    /// number is not known.</summary>
    [Range(1, 1_000_000)]
    public int SlowEndpointMinimumAnswers { get; set; } = 10;
}
