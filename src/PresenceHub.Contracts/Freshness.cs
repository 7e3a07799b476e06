namespace PresenceHub.Contracts;

/// <summary>How far an entry can be relied upon. A client treats a value it does not know as
/// <see cref="Stale"/>.</summary>
public static class Freshness
{
    /// <summary>Confirmed by Graph in time.</summary>
    public const string Live = "live";

    /// <summary>The last known value; it could not be confirmed in time.</summary>
    public const string Stale = "stale";

    /// <summary>Never observed, or Graph no longer knows the person.</summary>
    public const string Unknown = "unknown";
}
