namespace PresenceHub.GraphEmulator.Presences;

/// <summary>
/// What applications and the preference of the person add to the presence of the Teams client. Only few people have
/// any.
/// </summary>
internal sealed class PersonSessions
{
    private readonly Dictionary<Guid, PresenceSession> _sessions = [];
    private PresenceSession? _preferred;
    private bool _endedSessions;

    /// <summary>
    /// The next change that the board waits for. A refreshed session leaves older ones in the queue, which are ignored.
    /// </summary>
    public DateTimeOffset? Scheduled { get; set; }

    public StatusMessage? StatusMessage { get; set; }

    public void Set(Guid sessionId, PresenceSession session)
    {
        _sessions[sessionId] = session;
        _endedSessions = true;
    }

    public bool Clear(Guid sessionId, DateTimeOffset now) =>
        _sessions.Remove(sessionId, out var session) && session.ExpiresAt > now;

    public void SetPreferred(PresenceSession preferred) => _preferred = preferred;

    public void ClearPreferred() => _preferred = null;

    /// <summary>
    /// The preference overrides every session, but only while there is a session; among sessions the highest precedence
    /// applies.
    /// </summary>
    public PresenceState Aggregate(PresenceState client, DateTimeOffset now)
    {
        PresenceState? best = client.IsOffline ? null : client;
        foreach (var session in _sessions.Values.Where(session => session.ExpiresAt > now))
        {
            var state = session.At(now);
            best = best is { } other && other.Precedence > state.Precedence ? other : state;
        }

        if (best is not { } shown)
        {
            // A session that has ended leaves Offline/Offline, not the last state of the client.
            return _endedSessions ? PresenceState.Offline : client;
        }

        return _preferred is { } preferred && preferred.ExpiresAt > now ? preferred.State : shown;
    }

    /// <summary>The time at which the presence may change by itself; null when it will not.</summary>
    public DateTimeOffset? NextTurn(DateTimeOffset now)
    {
        DateTimeOffset? next = _preferred is { } preferred && preferred.ExpiresAt > now ? preferred.ExpiresAt : null;
        foreach (var session in _sessions.Values.Where(session => session.ExpiresAt > now))
        {
            var turn = session.NextTurn(now);
            next = next is { } other && other < turn ? other : turn;
        }

        return next;
    }
}
