using System.Diagnostics;
using HdrHistogram;

namespace PresenceHub.Benchmarks.Load;

/// <summary>
/// Counts what reaches the clients, knowing that a state may be skipped when a later one of the same subject is
/// delivered. Latency is from the intended time of the delivered change; staleness is from that of the earliest change
/// that the client had missed.
/// </summary>
internal sealed class Deliveries(ChangeLog log)
{
    private const long MostMicroseconds = 600_000_000;
    private const int Digits = 3;

    private readonly Lock _gate = new();
    private readonly LongHistogram _latency = new(1, MostMicroseconds, Digits);
    private readonly LongHistogram _staleness = new(1, MostMicroseconds, Digits);
    private long _delivered;
    private long _skipped;
    private long _reversed;
    private long _foreign;

    public ChangeLog Log => log;

    public void Record(MemberView view, int number)
    {
        var now = Stopwatch.GetTimestamp();
        var (subject, ordinal) = log[number];
        if (view.Exchange(subject, ordinal) is not { } held)
        {
            Interlocked.Increment(ref _foreign);
            return;
        }

        if (ordinal <= held)
        {
            Interlocked.Increment(ref _reversed);
            return;
        }

        var latency = Microseconds(log.IntendedAt(subject, ordinal), now);
        var staleness = Microseconds(log.IntendedAt(subject, held + 1), now);
        lock (_gate)
        {
            _delivered++;
            _skipped += ordinal - held - 1;
            _latency.RecordValue(latency);
            _staleness.RecordValue(staleness);
        }
    }

    /// <summary>Begins a new window of measurement.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            (_delivered, _skipped, _reversed, _foreign) = (0, 0, 0, 0);
            _latency.Reset();
            _staleness.Reset();
        }
    }

    public DeliveryTotals Read()
    {
        lock (_gate)
        {
            return new DeliveryTotals(
                _delivered,
                _skipped,
                _reversed,
                _foreign,
                Percentiles.Of(_latency),
                Percentiles.Of(_staleness)
            );
        }
    }

    private static long Microseconds(long from, long to) =>
        Math.Clamp((long)Stopwatch.GetElapsedTime(from, to).TotalMicroseconds, 1, MostMicroseconds);
}
