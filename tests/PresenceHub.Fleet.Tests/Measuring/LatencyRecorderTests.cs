using Microsoft.Extensions.Time.Testing;
using PresenceHub.Fleet.Measuring;

namespace PresenceHub.Fleet.Tests.Measuring;

public sealed class LatencyRecorderTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LatencyRecorder _recorder;

    public LatencyRecorderTests() => _recorder = new LatencyRecorder(_time);

    [Fact]
    public void Record_TimestampsOfTheProvider_AreMilliseconds()
    {
        var from = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(250));

        _recorder.Record(from, _time.GetTimestamp());

        var interval = _recorder.TakeInterval();
        Assert.Equal(1, interval.Count);
        Assert.Equal(250, interval.P50, 0.5);
    }

    [Fact]
    public void TakeInterval_Twice_KeepsTheTotal()
    {
        _recorder.RecordMicroseconds(1000);
        _recorder.TakeInterval();
        _recorder.RecordMicroseconds(3000);

        Assert.Equal((1, 2), (_recorder.TakeInterval().Count, _recorder.Total().Count));
        Assert.Equal(0, _recorder.TakeInterval().Count);
        Assert.Equal(3, _recorder.Total().Max, 0.01);
    }

    [Fact]
    public void RecordMicroseconds_OutOfRange_CountsAtTheLimit()
    {
        _recorder.RecordMicroseconds(-5);
        _recorder.RecordMicroseconds(long.MaxValue);

        Assert.Equal(2, _recorder.TakeInterval().Count);
        Assert.InRange(_recorder.Total().Max, 599_000, 601_000);
    }

    [Fact]
    public void Curve_ManyValues_EndsAtTheMaximumAndNeverFalls()
    {
        for (var value = 1; value <= 10_000; value++)
        {
            _recorder.RecordMicroseconds(value * 1000);
        }

        var curve = _recorder.TakeInterval().Curve;

        Assert.Equal(
            curve.OrderBy(point => point.Percentile).Select(point => point.Milliseconds).Order(),
            curve.Select(point => point.Milliseconds)
        );
        Assert.InRange(curve[^1].Milliseconds, 9990, 10_010);
        Assert.InRange(curve.Single(point => point.Percentile is 50).Milliseconds, 4990, 5010);
    }

    [Fact]
    public void Reset_AfterTheRamp_ForgetsAll()
    {
        _recorder.RecordMicroseconds(1);
        _recorder.Reset();

        Assert.Equal((0, 0), (_recorder.TakeInterval().Count, _recorder.Total().Count));
    }
}
