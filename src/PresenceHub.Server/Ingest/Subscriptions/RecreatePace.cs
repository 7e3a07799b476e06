namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>
/// Limits how often the subscription of an account is created. Subjects can only be added by recreating it, and until
/// that is done Graph sends no notifications for any of its subjects: changes are collected first.
/// </summary>
internal sealed class RecreatePace(TimeSpan minInterval, int batch)
{
    private DateTimeOffset _attemptedAt;
    private DateTimeOffset _createdAt;
    private DateTimeOffset? _waitingSince;

    /// <summary>The earliest time of the next creation, whatever its reason.</summary>
    public DateTimeOffset NotBefore => _createdAt + minInterval;

    public bool MayCreate(DateTimeOffset now) => now >= NotBefore;

    public void RecordAttempt(DateTimeOffset now) => _attemptedAt = now;

    public void RecordCreation(DateTimeOffset now) => _createdAt = now;

    /// <summary>Ends the wait of subjects that are not covered: the subscription has just been created or
    /// renewed.</summary>
    public void ResetWaiting() => _waitingSince = null;

    /// <summary>Whether the subscription should be recreated for subjects that it does not cover. A full batch is added
    /// at once; fewer wait for one interval, in case more follow.</summary>
    public bool IsRecreationDue(int waiting, DateTimeOffset now)
    {
        _waitingSince = waiting is 0 ? null : _waitingSince ?? now;
        return waiting > 0
            && MayCreate(now)
            && now - _attemptedAt >= minInterval
            && (waiting >= batch || now - _waitingSince >= minInterval);
    }
}
