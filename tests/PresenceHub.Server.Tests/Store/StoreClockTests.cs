using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Control;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Tests.Store;

public sealed class StoreClockTests
{
    private const long Second = 1_000_000;
    private const long Start = 1_000 * Second;

    private readonly FakeTimeProvider _time = new();
    private readonly StoreClock _clock;

    public StoreClockTests() =>
        _clock = new StoreClock(
            new StoreKeys(new RedisNames(), Options.Create(new StoreOptions { Partitions = 2 })),
            _time
        );

    [Fact]
    public void Now_AfterAnAnswer_GoesOnWithTheNode()
    {
        Measure(0, Start, took: 0);
        _time.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal(Start + (7 * Second), _clock.Now);
    }

    [Fact]
    public void Now_AnswerThatWasLongOnItsWay_DoesNotFall()
    {
        Measure(0, Start, took: 0);
        Measure(0, Start + (2 * Second), took: 5);

        Assert.Equal(Start + (5 * Second), _clock.Now);
        Assert.Equal(0, _clock.StepsBackOf(0));
    }

    [Fact]
    public void Now_AnswerOfAnEarlierTimeThanTheServerCanHave_Falls()
    {
        Measure(0, Start, took: 0);
        Measure(0, Start - (90 * Second), took: 1);

        Assert.Equal(Start - (89 * Second), _clock.Now);
        Assert.Equal(1, _clock.StepsBackOf(0));
    }

    [Fact]
    public void Now_NodeClockRunsFaster_FollowsTheServerWithoutAStep()
    {
        Measure(0, Start, took: 0);
        _time.Advance(TimeSpan.FromSeconds(2));
        Measure(0, Start + (2 * Second) - 50_000, took: 0);

        Assert.Equal(Start + (2 * Second) - 50_000, _clock.Now);
        Assert.Equal(0, _clock.StepsBackOf(0));
    }

    [Fact]
    public void NowOf_ServersWhoseClocksDiffer_AreKeptApart()
    {
        Measure(0, Start, took: 0);
        Measure(1, Start + (60 * Second), took: 0);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(Start + Second, _clock.NowOf(0));
        Assert.Equal(Start + (61 * Second), _clock.NowOf(1));
    }

    [Fact]
    public void ToTimeOf_TimeTakenBeforeTheStepBack_KeepsItsAge()
    {
        Measure(0, Start, took: 0);
        Measure(1, Start, took: 0);
        var begun = _clock.Now;
        _time.Advance(TimeSpan.FromSeconds(3));
        Measure(0, Start - (87 * Second), took: 0);

        Assert.Equal(Start - (90 * Second), _clock.ToTimeOf(0, begun));
        Assert.Equal(Start, _clock.ToTimeOf(1, begun));
    }

    [Fact]
    public void ToTimeOf_TimeOfTheFuture_IsNow()
    {
        Measure(0, Start, took: 0);

        Assert.Equal(Start, _clock.ToTimeOf(0, Start + (600 * Second)));
    }

    [Fact]
    public void LatestOf_ServerClockStepsBack_DoesNot()
    {
        _clock.Advance(0, epoch: 5, clock: 100);
        _clock.Advance(0, epoch: 4, clock: 99);

        Assert.Equal((5, 100), (_clock.LatestEpochOf(0), _clock.LatestOf(0)));
    }

    private void Measure(int partition, long serverTime, int took)
    {
        var sentAt = _clock.Timestamp;
        _time.Advance(TimeSpan.FromSeconds(took));
        _clock.Measure(partition, serverTime, sentAt);
    }
}
