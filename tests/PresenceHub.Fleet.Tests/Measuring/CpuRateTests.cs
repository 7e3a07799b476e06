using Microsoft.Extensions.Time.Testing;
using PresenceHub.Fleet.Measuring;
using PresenceHub.Fleet.Runs;

namespace PresenceHub.Fleet.Tests.Measuring;

public sealed class CpuRateTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly CpuRate _rate;

    public CpuRateTests() => _rate = new CpuRate(_time);

    [Fact]
    public void Next_TwoReadings_AreCores()
    {
        Assert.Null(Next(10, TimeSpan.Zero));
        Assert.Equal(0.5, Next(10.5, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Next_ReadingTooSoonAfterTheLast_WaitsForTheNext()
    {
        Next(10, TimeSpan.Zero);

        Assert.Null(Next(10.4, TimeSpan.FromMilliseconds(50)));
        Assert.Equal(0.5, Next(10.5, TimeSpan.FromMilliseconds(950)));
    }

    [Fact]
    public void Next_ServerRestarted_StartsOver()
    {
        Next(10, TimeSpan.Zero);

        Assert.Null(Next(0.2, TimeSpan.FromSeconds(1)));
        Assert.Equal(1, Next(1.2, TimeSpan.FromSeconds(1))!.Value, 6);
        Assert.Null(_rate.Next(null, _time.GetTimestamp()));
    }

    private double? Next(double cpuSeconds, TimeSpan after)
    {
        _time.Advance(after);
        return _rate.Next(new ResourceUse(cpuSeconds, 100), _time.GetTimestamp());
    }
}
