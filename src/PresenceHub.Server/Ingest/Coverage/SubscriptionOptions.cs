using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.Ingest.Coverage;

internal sealed class SubscriptionOptions
{
    public const string SectionName = "Subscriptions";

    /// <summary>When so many subjects wait for a place, a subscription is recreated at once; fewer wait for
    /// Notifications:MinRecreateInterval.</summary>
    [Range(1, SubscriptionRecord.MaxSubjects)]
    public int RecreateBatch { get; set; } = 65;

    /// <summary>How often an account whose sign-in has ended is tried again: only an administrator can mend
    /// it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan SignInRetryPeriod { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a notification may come after a poll has found the change. Graph promises less than a
    /// minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan NotificationPatience { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>So many missed changes without a single notification between them show that a subscription is
    /// dead.</summary>
    [Range(1, 1000)]
    public int MissedUntilDead { get; set; } = 3;

    /// <summary>Subjects that Graph refused in a subscription are only polled for this long.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan RefusedFor { get; set; } = TimeSpan.FromHours(1);
}
