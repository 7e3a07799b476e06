using PresenceHub.Server.Store;

namespace PresenceHub.FunctionalTests.Store;

/// <summary>Sequence numbers.</summary>
public abstract partial class PresenceStoreContract
{
    [Fact]
    public async Task ApplyAsync_OlderSequenceNumber_IsStale()
    {
        await ApplyAsync(Notification("Busy", "Busy", "A0000000002"));

        Assert.Equal(ApplyOutcome.Stale, await ApplyAsync(Notification("Away", "Away", "A0000000001")));
        Assert.Equal("Busy", (await ReadAsync())!.Availability);
    }

    [Fact]
    public async Task ApplyAsync_LaterSequenceNumberFromAnEarlierPoll_IsApplied()
    {
        var begun = _node.Clock.Now;
        await ApplyAsync(Notification("Busy", "Busy", "A0000000002"));

        Assert.Equal(ApplyOutcome.Applied, await ApplyAsync(Poll("Away", "Away", begun - 1_000_000, "A0000000003")));
    }

    [Fact]
    public async Task ApplyAsync_SequenceNumbersThatALocaleWouldOrderOtherwise_AreComparedOrdinally()
    {
        await ApplyAsync(Notification("Busy", "Busy", "a1"));

        Assert.Equal(ApplyOutcome.Stale, await ApplyAsync(Notification("Away", "Away", "B2")));
    }

    [Fact]
    public async Task ApplyAsync_SequenceNumbersStartAnew_TwoPollsInARowAreBelieved()
    {
        await ApplyAsync(Notification("Busy", "Busy", "B0000000009"));

        Assert.Equal(
            ApplyOutcome.Stale,
            await ApplyAsync(Poll("Away", "Away", _node.Clock.Now + 1_000_000, "A0000000001"))
        );
        Assert.Equal(
            ApplyOutcome.Applied,
            await ApplyAsync(Poll("Away", "Away", _node.Clock.Now + 1_000_000, "A0000000001"))
        );
    }

    [Fact]
    public async Task ApplyAsync_NumberedNotificationOverAnUnnumberedPoll_IsAmbiguous()
    {
        await ApplyAsync(Poll("Available", "Available", _node.Clock.Now));

        Assert.Equal(
            ApplyOutcome.Ambiguous,
            await ApplyAsync(Notification("Busy", "Busy", "A0000000001", _node.Clock.Now + 1_000_000))
        );
    }

    [Fact]
    public async Task ApplyAsync_UnnumberedPollThatConfirmsANumberedState_LeavesNoNumberStanding()
    {
        await ApplyAsync(Notification("Away", "Away", "A0000000001"));
        Assert.Equal(ApplyOutcome.Unchanged, await ApplyAsync(Poll("Away", "Away", _node.Clock.Now)));

        Assert.Equal(ApplyOutcome.Ambiguous, await ApplyAsync(Notification("Busy", "Busy", "A0000000002")));
    }

    [Fact]
    public async Task ApplyAsync_NumberedNotificationThatRepeatsAnUnnumberedPoll_DoesNotNumberIt()
    {
        await ApplyAsync(Poll("Away", "Away", _node.Clock.Now));
        Assert.Equal(ApplyOutcome.Unchanged, await ApplyAsync(Notification("Away", "Away", "A0000000001")));

        Assert.Equal(ApplyOutcome.Ambiguous, await ApplyAsync(Notification("Busy", "Busy", "A0000000002")));
    }
}
