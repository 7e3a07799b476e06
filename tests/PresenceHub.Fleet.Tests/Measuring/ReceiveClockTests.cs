using System.Text;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Fleet.Measuring;

namespace PresenceHub.Fleet.Tests.Measuring;

public sealed class ReceiveClockTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.Zero));
    private readonly ReceiveClock _clock;

    public ReceiveClockTests() => _clock = new ReceiveClock(_time);

    [Theory]
    [InlineData("2026-02-28T23:59:58.500000Z", 2_500_000)]
    [InlineData("2026-02-28T23:59:58.5Z", 2_500_000)]
    [InlineData("2026-02-28T23:59:59Z", 2_000_000)]
    [InlineData("2026-03-01T00:00:02Z", -1_000_000)]
    public void MicrosecondsSince_InstantOnTheWire_IsTheDistanceToTheTimestamp(string instant, long microseconds)
    {
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(microseconds, _clock.MicrosecondsSince(Encoding.ASCII.GetBytes(instant), _time.GetTimestamp()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday, about half past ten")]
    [InlineData("2026-13-28T23:59:58.500000Z")]
    public void MicrosecondsSince_AnythingElse_IsUnknown(string instant) =>
        Assert.Null(_clock.MicrosecondsSince(Encoding.ASCII.GetBytes(instant), _time.GetTimestamp()));
}
