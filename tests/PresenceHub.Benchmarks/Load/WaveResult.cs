namespace PresenceHub.Benchmarks.Load;

/// <summary>How a wave went.</summary>
/// <param name="Members">How many clients there were.</param>
/// <param name="Seconds">When each one that arrived did so, in order.</param>
/// <param name="Failures">Calls that failed and were repeated.</param>
/// <param name="Refusals">Connections that the server did not accept at first.</param>
/// <param name="Elapsed">Seconds until the last arrived or the time was up.</param>
internal sealed record WaveResult(
    int Members,
    IReadOnlyList<double> Seconds,
    int Failures,
    int Refusals,
    double Elapsed
)
{
    public int Arrived => Seconds.Count;

    public bool IsComplete => Arrived == Members;

    /// <summary>Seconds until this share of all clients had arrived; the whole time where fewer did.</summary>
    public double At(double share)
    {
        var rank = (int)Math.Ceiling(share * Members) - 1;
        return rank < Seconds.Count ? Seconds[Math.Max(0, rank)] : Elapsed;
    }
}
