namespace PresenceHub.Contracts;

/// <summary>The one token of Graph's open sets that the hub itself writes.</summary>
public static class PresenceToken
{
    /// <summary>Availability and activity of a subject whose freshness is unknown.</summary>
    public const string PresenceUnknown = "PresenceUnknown";
}
