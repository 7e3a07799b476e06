namespace PresenceHub.Benchmarks.Load;

/// <summary>What a window of measurement has counted.</summary>
/// <param name="Delivered">Changes that reached a client.</param>
/// <param name="Skipped">Changes replaced by a later one of the same subject before they were sent.</param>
/// <param name="Reversed">
/// Changes that came again or after a later one: a defect, except for servers that promise no order.
/// </param>
/// <param name="Foreign">Changes of subjects that the client does not watch: a defect.</param>
/// <param name="Latency">From the intended time of each delivered change.</param>
/// <param name="Staleness">From the intended time of the earliest change that the client missed.</param>
internal sealed record DeliveryTotals(
    long Delivered,
    long Skipped,
    long Reversed,
    long Foreign,
    Percentiles Latency,
    Percentiles Staleness
)
{
    public long Expected => Delivered + Skipped;
}
