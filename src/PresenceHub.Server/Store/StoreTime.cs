namespace PresenceHub.Server.Store;

/// <summary>Times of the store: microseconds since 1970 by the clock of Redis. They are below 2^53 until the year 2255,
/// and so exact in Lua and JavaScript.</summary>
internal static class StoreTime
{
    public static long FromTimeSpan(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    public static long FromInstant(DateTimeOffset instant) => FromTimeSpan(instant - DateTimeOffset.UnixEpoch);

    public static DateTimeOffset ToInstant(long micros) =>
        DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);
}
