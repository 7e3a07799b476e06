using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Graph;

public sealed class ThrottleGateTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Close_WithAWait_StaysClosedForExactlyThat()
    {
        var gate = new ThrottleGate(_time);
        gate.Close(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.True(gate.ClosedFor > TimeSpan.Zero);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(TimeSpan.Zero, gate.ClosedFor);
    }

    [Fact]
    public void Close_ShorterWaitWhileClosed_DoesNotOpenEarlier()
    {
        var gate = new ThrottleGate(_time);
        gate.Close(TimeSpan.FromSeconds(10));
        gate.Close(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(10), gate.ClosedFor);
    }

    [Fact]
    public void Close_WithoutAWait_DoublesUpToAMinuteUntilSomethingPasses()
    {
        var gate = new ThrottleGate(_time);
        double[] waits = [.. Enumerable.Range(0, 8).Select(_ => gate.Close(null).TotalSeconds)];
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], waits);
        gate.Passed();
        Assert.Equal(TimeSpan.FromSeconds(1), gate.Close(null));
    }
}
