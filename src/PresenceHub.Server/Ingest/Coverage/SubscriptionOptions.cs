using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.Ingest.Coverage;

/// <summary>How presence subscriptions of Graph are kept.</summary>
internal sealed class SubscriptionOptions
{
    public const string SectionName = "Subscriptions";

    /// <summary>
    /// Number of subjects waiting for a place at which a subscription is recreated at once: 1 to 650. Fewer subjects
    /// wait for <c>Notifications:MinRecreateInterval</c>, so that each new subject does not cost a subscription.
    /// </summary>
    [Range(1, SubscriptionRecord.MaxSubjects)]
    public int RecreateBatch { get; set; } = 65;

    /// <summary>
    /// How often an account whose sign-in has ended is tried again: 1 second to 1 hour. Only an administrator can sign
    /// it in again, so a shorter period gains little.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan SignInRetryPeriod { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a notification may arrive after a poll has found the change: 1 second to 10 minutes. After that the
    /// change counts as missed. Graph promises less than a minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan NotificationPatience { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Missed changes in a row, without a notification between them, after which a subscription counts as dead and is
    /// recreated: 1 to 1,000.
    /// </summary>
    [Range(1, 1000)]
    public int MissedUntilDead { get; set; } = 3;

    /// <summary>
    /// How long subjects that Graph has refused in a subscription are only polled: 1 minute to 1 day. After that they
    /// are subscribed to again.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan RefusedFor { get; set; } = TimeSpan.FromHours(1);
}
