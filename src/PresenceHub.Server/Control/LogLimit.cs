namespace PresenceHub.Server.Control;

/// <summary>Limits the log lines for one cause to one a minute, and counts the lines left out.</summary>
internal sealed class LogLimit(TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long _at;
    private bool _hasLogged;
    private long _leftOut;

    /// <summary>Whether any line was written.</summary>
    public bool HasLogged
    {
        get
        {
            lock (_gate)
            {
                return _hasLogged;
            }
        }
    }

    /// <inheritdoc cref="TryTake(out long)"/>
    public bool TryTake() => TryTake(out _);

    /// <summary>Whether a line may be written now; it then counts as written.</summary>
    /// <param name="leftOut">Number of lines left out since the last one.</param>
    public bool TryTake(out long leftOut)
    {
        lock (_gate)
        {
            if (_hasLogged && time.GetElapsedTime(_at) < Period)
            {
                leftOut = ++_leftOut;
                return false;
            }

            (_hasLogged, _at) = (true, time.GetTimestamp());
            (leftOut, _leftOut) = (_leftOut, 0);
            return true;
        }
    }
}
