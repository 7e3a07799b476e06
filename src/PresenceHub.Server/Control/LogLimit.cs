namespace PresenceHub.Server.Control;

/// <summary>At most one line a minute of one cause, however often it comes.</summary>
internal sealed class LogLimit(TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long _at;
    private bool _hasLogged;

    /// <summary>Whether a line may be written now; it then counts as written.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            if (_hasLogged && time.GetElapsedTime(_at) < Period)
            {
                return false;
            }

            (_hasLogged, _at) = (true, time.GetTimestamp());
            return true;
        }
    }
}
