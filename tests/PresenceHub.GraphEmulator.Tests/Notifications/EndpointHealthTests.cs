using PresenceHub.GraphEmulator.Notifications;

namespace PresenceHub.GraphEmulator.Tests.Notifications;

public sealed class EndpointHealthTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    private readonly EndpointHealth _health = new(minimumAnswers: 10);

    [Theory]
    [InlineData(10, 100, EndpointState.Good)]
    [InlineData(11, 100, EndpointState.Slow)]
    [InlineData(15, 100, EndpointState.Slow)]
    [InlineData(16, 100, EndpointState.Drop)]
    [InlineData(9, 9, EndpointState.Good)]
    internal void At_ShareOfSlowAnswers_DecidesTheState(int slow, int all, EndpointState expected)
    {
        Note(slow, all);

        Assert.Equal(expected, _health.At(Now));
    }

    [Fact]
    public void At_TenMinutesLater_IsForgiven()
    {
        Note(100, 100);

        Assert.Equal(EndpointState.Good, _health.At(Now.AddMinutes(10)));
    }

    private void Note(int slow, int all)
    {
        for (var answer = 0; answer < all; answer++)
        {
            _health.Note(answer < slow, Now);
        }
    }
}
