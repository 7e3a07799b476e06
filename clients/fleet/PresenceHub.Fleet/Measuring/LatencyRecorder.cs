using HdrHistogram;

namespace PresenceHub.Fleet.Measuring;

/// <summary>
/// Records latencies from many receive loops, with a histogram per stripe so that the loops do not wait for each other.
/// The resolution is a microsecond with three digits; more than ten minutes counts as ten minutes.
/// </summary>
internal sealed class LatencyRecorder(TimeProvider time)
{
    private const long Highest = 600_000_000;
    private const int Digits = 3;
    private const int MicrosecondsPerSecond = 1_000_000;

    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Stripe())];
    private readonly LongHistogram _total = new(Highest, Digits);

    /// <summary>Records the time between two timestamps of the time provider.</summary>
    public void Record(long from, long to) =>
        RecordMicroseconds((to - from) * MicrosecondsPerSecond / time.TimestampFrequency);

    public void RecordMicroseconds(long microseconds)
    {
        var stripe = _stripes[Thread.GetCurrentProcessorId() % _stripes.Length];
        lock (stripe)
        {
            stripe.Interval.RecordValue(Math.Clamp(microseconds, 0, Highest));
        }
    }

    /// <summary>Takes the latencies since the last call, and adds them to the total.</summary>
    public LatencySummary TakeInterval()
    {
        var interval = new LongHistogram(Highest, Digits);
        foreach (var stripe in _stripes)
        {
            lock (stripe)
            {
                interval.Add(stripe.Interval);
                stripe.Interval.Reset();
            }
        }

        lock (_total)
        {
            _total.Add(interval);
        }

        return LatencySummary.Of(interval);
    }

    /// <summary>All that <see cref="TakeInterval"/> has taken.</summary>
    public LatencySummary Total()
    {
        lock (_total)
        {
            return LatencySummary.Of(_total);
        }
    }

    /// <summary>Drops everything, before the measured time begins.</summary>
    public void Reset()
    {
        TakeInterval();
        lock (_total)
        {
            _total.Reset();
        }
    }

    private sealed class Stripe
    {
        public LongHistogram Interval { get; } = new(Highest, Digits);
    }
}
