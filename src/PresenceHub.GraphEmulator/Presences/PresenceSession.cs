namespace PresenceHub.GraphEmulator.Presences;

/// <summary>The presence that one application has set for a person until it expires.</summary>
internal readonly record struct PresenceSession(PresenceState State, DateTimeOffset SetAt, DateTimeOffset ExpiresAt)
{
    public static readonly TimeSpan FadeStep = TimeSpan.FromMinutes(5);

    /// <summary>The present state: an Available session that is not refreshed becomes inactive, then away.</summary>
    public PresenceState At(DateTimeOffset now)
    {
        if (State != PresenceState.Available)
        {
            return State;
        }

        var age = now - SetAt;
        return age < FadeStep ? PresenceState.Available
            : age < FadeStep * 2 ? PresenceState.AvailableInactive
            : PresenceState.Away;
    }

    /// <summary>The time at which the state of the session changes next.</summary>
    public DateTimeOffset NextTurn(DateTimeOffset now)
    {
        var next = ExpiresAt;
        if (State == PresenceState.Available)
        {
            var inactive = SetAt + FadeStep;
            var away = inactive + FadeStep;
            next =
                inactive > now && inactive < next ? inactive
                : away > now && away < next ? away
                : next;
        }

        return next;
    }
}
