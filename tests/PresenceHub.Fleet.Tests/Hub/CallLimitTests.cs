using PresenceHub.Fleet.Hub;
using PresenceHub.Fleet.Members;

namespace PresenceHub.Fleet.Tests.Hub;

public sealed class CallLimitTests
{
    private readonly CallLimit _limit = new();

    [Fact]
    public async Task SplitAsync_HubNamesALowerLimit_RepeatsTheCallInParts()
    {
        var calls = new List<int[]>();

        await _limit.SplitAsync([.. Enumerable.Range(0, 1_500)], part =>
        {
            calls.Add(part);
            return part.Length > 600 ? throw Refusal("limitExceeded", 600) : Task.CompletedTask;
        });

        Assert.Equal([1_000, 600, 600, 300], calls.Select(part => part.Length));
        Assert.Equal(Enumerable.Range(0, 1_500), calls.Skip(1).SelectMany(part => part));
        Assert.Equal(600, _limit.Value);
    }

    [Fact]
    public async Task SplitAsync_RefusedWithALimitThatWasKept_Fails()
    {
        await Assert.ThrowsAsync<HubCallException>(() =>
            _limit.SplitAsync([1, 2, 3], _ => throw Refusal("limitExceeded", 3))
        );
        Assert.Equal(3, _limit.Value);
    }

    [Fact]
    public async Task SplitAsync_ClosedConnection_IsNotRepeated()
    {
        var calls = 0;

        await Assert.ThrowsAsync<HubClosedException>(() => _limit.SplitAsync([1, 2, 3], _ =>
            {
                calls++;
                throw new HubClosedException("limitExceeded: a message is larger than 9 bytes; one call may carry 2");
            }));
        Assert.Equal(1, calls);
    }

    [Fact]
    public void TryLower_ConnectionClosedForAMessageThatWasTooLarge_AdoptsTheLimit()
    {
        var closed = new HubClosedException(
            "Connection closed with an error. HubException: limitExceeded: a message is larger than 65536 bytes; "
                + "one call may carry 250"
        );

        Assert.True(_limit.TryLower(closed.Message, 1_000));
        Assert.Equal(250, _limit.Value);
    }

    [Theory]
    [InlineData("HubException: unavailable: busy; one call may carry 5")]
    [InlineData("HubException: limitExceeded: too many connections")]
    [InlineData("HubException: limitExceeded: ids holds 9 entries; one call may carry 0")]
    public void TryLower_AnotherRefusal_ChangesNothing(string refusal)
    {
        Assert.False(_limit.TryLower(refusal, 1_000));
        Assert.Equal(1_000, _limit.Value);
    }

    [Fact]
    public void TryLower_HigherLimit_DoesNotRaiseIt()
    {
        Assert.True(_limit.TryLower(Refusal("limitExceeded", 10).Message, 1_000));
        Assert.True(_limit.TryLower(Refusal("limitExceeded", 20).Message, 1_000));
        Assert.Equal(10, _limit.Value);
    }

    private static HubCallException Refusal(string code, int limit) =>
        new(
            code,
            $"An unexpected error occurred. HubException: {code}: ids holds 1000 entries; one call may carry {limit}"
        );
}
