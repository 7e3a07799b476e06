namespace PresenceHub.Verification.Invariants;

internal static class Percentiles
{
    /// <summary>The least value that at least this share does not exceed; zero of nothing.</summary>
    public static TimeSpan Of(IReadOnlyCollection<TimeSpan> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length is 0 ? TimeSpan.Zero : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }
}
