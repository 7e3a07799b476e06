namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>
/// How often the subscription of an account may be made. Subjects can only be added by making it again, and while that
/// happens none of its subjects has notifications: changes are gathered, however many watchers come and go.
/// </summary>
internal sealed class RecreatePace(TimeSpan minInterval, int batch)
{
    private DateTimeOffset _triedAt;
    private DateTimeOffset _madeAt;
    private DateTimeOffset? _waitingSince;

    /// <summary>When it may be made again, whatever the reason.</summary>
    public DateTimeOffset NotBefore => _madeAt + minInterval;

    public bool MayMake(DateTimeOffset now) => now >= NotBefore;

    /// <summary>An attempt to make it begins.</summary>
    public void Trying(DateTimeOffset now) => _triedAt = now;

    public void Made(DateTimeOffset now) => _madeAt = now;

    /// <summary>It has a place for each subject as of now.</summary>
    public void Renewed() => _waitingSince = null;

    /// <summary>Many subjects are worth it at once; a few wait for a while, in case more come.</summary>
    public bool IsWorthIt(int waiting, DateTimeOffset now)
    {
        _waitingSince = waiting is 0 ? null : _waitingSince ?? now;
        return waiting > 0
            && MayMake(now)
            && now - _triedAt >= minInterval
            && (waiting >= batch || now - _waitingSince >= minInterval);
    }
}
