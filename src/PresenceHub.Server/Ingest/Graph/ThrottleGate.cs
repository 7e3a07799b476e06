using PresenceHub.Server.Control;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>Closed while Graph has asked for silence: throttled requests count against the limit, so each one prolongs
/// it.</summary>
internal sealed class ThrottleGate(TimeProvider time)
{
    private static readonly BackOff Guesses = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    private readonly Lock _lock = new();
    private readonly long _origin = time.GetTimestamp();
    private TimeSpan _opensAt;
    private int _guesses;

    /// <summary>How long the gate stays closed; zero when it is open.</summary>
    public TimeSpan ClosedFor
    {
        get
        {
            lock (_lock)
            {
                var left = _opensAt - time.GetElapsedTime(_origin);
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Closes for as long as Graph said; without a word of it for a time that doubles until an answer gets
    /// through.</summary>
    public TimeSpan Close(TimeSpan? retryAfter)
    {
        lock (_lock)
        {
            var wait = retryAfter ?? Guesses.After(++_guesses);
            var opensAt = time.GetElapsedTime(_origin) + wait;
            _opensAt = opensAt > _opensAt ? opensAt : _opensAt;
            return wait;
        }
    }

    public void Passed()
    {
        lock (_lock)
        {
            _guesses = 0;
        }
    }
}
