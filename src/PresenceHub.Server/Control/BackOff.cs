namespace PresenceHub.Server.Control;

/// <summary>Delays that double from one failure in a row to the next.</summary>
/// <param name="First">The delay after the first failure.</param>
/// <param name="Longest">No delay is longer.</param>
internal sealed record BackOff(TimeSpan First, TimeSpan Longest)
{
    /// <summary>Enough for every delay in use to reach its limit, and too few for a delay to overflow.</summary>
    private const int MaxDoublings = 20;

    /// <param name="failures">Failures in a row, from 1.</param>
    public TimeSpan After(int failures)
    {
        var delay = First * Math.Pow(2, Math.Clamp(failures - 1, 0, MaxDoublings));
        return delay < Longest ? delay : Longest;
    }

    /// <summary>Up to half of the delay less, at random: what failed together is not tried again together.</summary>
    /// <inheritdoc cref="After"/>
    public TimeSpan AfterWithJitter(int failures) => After(failures) * (0.5 + (0.5 * Random.Shared.NextDouble()));
}
