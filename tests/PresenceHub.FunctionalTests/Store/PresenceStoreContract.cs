using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Store;

/// <summary>What the store promises, on every server it runs on.</summary>
public abstract partial class PresenceStoreContract(string connectionString) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly SubjectId _subject = new(Guid.NewGuid());
    private readonly StoreSettings _settings = StoreNode.NewSettings();
    private StoreNode _node = null!;

    public async Task InitializeAsync()
    {
        _node = await StoreNode.ConnectAsync(connectionString, _settings);
        await _node.Store.ReadAsync(0, [], None);
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task ApplyAsync_FirstObservation_IsAppliedWithARevisionOfTheStoreClock()
    {
        var begun = _node.Clock.Now;

        Assert.Equal(ApplyOutcome.Applied, await ApplyAsync(Poll("Busy", "InAMeeting", begun)));

        var entry = await ReadAsync();
        Assert.Equal(
            ("Busy", "InAMeeting", begun, begun),
            (entry!.Availability, entry.Activity, entry.Since, entry.ObservedAt)
        );
        Assert.True(entry.Revision > begun);
        Assert.True(entry.Revision < 1L << 53);
        Assert.True(entry.Epoch > 0);
    }

    [Fact]
    public async Task ApplyAsync_SameStateAgain_KeepsTheRevisionAndMovesObservedAt()
    {
        var begun = _node.Clock.Now - 1_000_000;
        await ApplyAsync(Poll("Busy", "Busy", begun));
        var first = await ReadAsync();

        Assert.Equal(ApplyOutcome.Unchanged, await ApplyAsync(Poll("Busy", "Busy", begun + 5_000)));

        var second = await ReadAsync();
        Assert.Equal(first!.Revision, second!.Revision);
        Assert.Equal(begun, second.Since);
        Assert.Equal(begun + 5_000, second.ObservedAt);
    }

    [Fact]
    public async Task ApplyAsync_PollBegunBeforeWhatIsHeld_IsAmbiguous()
    {
        var begun = _node.Clock.Now;
        await ApplyAsync(Notification("Busy", "Busy", null, begun + 1_000_000));

        Assert.Equal(ApplyOutcome.Ambiguous, await ApplyAsync(Poll("Away", "Away", begun)));
        Assert.Equal("Busy", (await ReadAsync())!.Availability);
    }

    [Fact]
    public async Task ApplyAsync_ObservationTakenDownBeforeTheStoreTimeWasKnown_IsNotOfTheFuture()
    {
        await using var node = await StoreNode.ConnectAsync(connectionString, _settings);
        var ahead = node.Clock.Now + 600_000_000;

        await node.Store.ApplyAsync([Poll("Busy", "Busy", ahead)], None);

        Assert.Equal([ApplyOutcome.Applied], await node.Store.ApplyAsync([Poll("Away", "Away", node.Clock.Now)], None));
    }

    [Fact]
    public async Task ApplyAsync_NotificationThatRepeatsTheState_ConfirmsNothing()
    {
        var begun = _node.Clock.Now;
        await ApplyAsync(Poll("Busy", "Busy", begun, "A0000000001"));

        Assert.Equal(
            ApplyOutcome.Unchanged,
            await ApplyAsync(Notification("Busy", "Busy", "A0000000001", begun + 60_000_000))
        );
        Assert.Equal(begun, (await ReadAsync())!.ObservedAt);
    }

    [Fact]
    public async Task ApplyAsync_PersonUnknownToGraph_BecomesUnknownAndNeverOffline()
    {
        await ApplyAsync(Poll("Available", "Available", _node.Clock.Now));

        Assert.Equal(ApplyOutcome.Applied, await ApplyAsync(Observation.OfUnknownPerson(_subject, _node.Clock.Now)));

        var shown = (await ReadAsync())!.ToContract();
        Assert.Equal(
            (Freshness.Unknown, "PresenceUnknown", "PresenceUnknown"),
            (shown.Freshness, shown.Availability, shown.Activity)
        );
        Assert.Null(shown.Since);
        Assert.Null(shown.ObservedAt);
    }

    [Fact]
    public async Task ApplyAsync_ManyChanges_GiveEverLaterRevisionsAndOneOffsetPerBatch()
    {
        long last = 0;
        for (var i = 0; i < 20; i++)
        {
            var before = await PositionAsync();
            await ApplyAsync(Poll(i % 2 is 0 ? "Busy" : "Away", "Any", _node.Clock.Now));
            var entry = await ReadAsync();
            Assert.True(entry!.Revision > last);
            Assert.True(entry.Revision > before.Clock);
            Assert.Equal(before.Offset + 1, (await PositionAsync()).Offset);
            last = entry.Revision;
        }
    }

    [Fact]
    public async Task ApplyAsync_ListOverAllPartitions_AnswersInItsOrder()
    {
        var subjects = Enumerable.Range(0, 500).Select(_ => new SubjectId(Guid.NewGuid())).ToArray();
        var begun = _node.Clock.Now;
        await _node.Store.ApplyAsync(
            [
                .. subjects
                    .Where((_, i) => i % 3 is 0)
                    .Select(subject => new Observation(subject, "Busy", "Busy", null, begun, ObservationSource.Poll)),
            ],
            None
        );

        var outcomes = await _node.Store.ApplyAsync(
            [
                .. subjects.Select(subject => new Observation(
                    subject,
                    "Busy",
                    "Busy",
                    null,
                    begun,
                    ObservationSource.Poll
                )),
            ],
            None
        );

        Assert.All(outcomes.Select((outcome, i) => (outcome, i)), pair =>
            Assert.Equal(pair.i % 3 is 0 ? ApplyOutcome.Unchanged : ApplyOutcome.Applied, pair.outcome)
        );
    }

    [Fact]
    public async Task ApplyAsync_Entry_ExpiresADayAfterTheLastObservation()
    {
        await ApplyAsync(Poll("Busy", "Busy", _node.Clock.Now));

        Assert.InRange(await LifeAsync(), TimeSpan.FromHours(23.9), TimeSpan.FromHours(24));
    }

    [Fact]
    public async Task ApplyAsync_SomebodyUnknownToGraph_ExpiresSoon()
    {
        await ApplyAsync(Poll("Busy", "Busy", _node.Clock.Now));
        await ApplyAsync(Poll("", "", _node.Clock.Now));

        Assert.InRange(await LifeAsync(), TimeSpan.FromMinutes(8), TimeSpan.FromMinutes(9));
    }

    [Fact]
    public async Task FindProblemAsync_DataOfAnotherPartitionCount_NamesBothNumbers()
    {
        Assert.Null(await _node.Layout.FindProblemAsync(None));
        await _node.Redis.GetDatabase().StringSetAsync(_node.Keys.Layout, 7);

        var problem = await _node.Layout.FindProblemAsync(None);

        Assert.Contains("Store:Partitions is 4", problem, StringComparison.Ordinal);
        Assert.Contains("in 7 partitions", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApplyAsync_ScriptsForgottenByTheServer_AreSentAgain()
    {
        foreach (var server in _node.Redis.GetServers())
        {
            await server.ExecuteAsync("SCRIPT", "FLUSH");
        }

        Assert.Equal(ApplyOutcome.Applied, await ApplyAsync(Poll("Busy", "Busy", _node.Clock.Now)));
    }

    private Observation Poll(string availability, string activity, long begunAt, string? sequenceNumber = null) =>
        new(_subject, availability, activity, sequenceNumber, begunAt, ObservationSource.Poll);

    private Observation Notification(
        string availability,
        string activity,
        string? sequenceNumber,
        long? begunAt = null
    ) =>
        new(
            _subject,
            availability,
            activity,
            sequenceNumber,
            begunAt ?? _node.Clock.Now,
            ObservationSource.Notification
        );

    private async Task<TimeSpan> LifeAsync() =>
        (
            await _node
                .Redis.GetDatabase()
                .KeyTimeToLiveAsync(_node.Keys.Subject(_node.Keys.PartitionOf(_subject), _subject))
        )!.Value;

    private async Task<ApplyOutcome> ApplyAsync(Observation observation) =>
        Assert.Single(await _node.Store.ApplyAsync([observation], None));

    private async Task<StoredEntry?> ReadAsync() =>
        (await _node.Store.ReadAsync(_node.Keys.PartitionOf(_subject), [_subject], None)).Entries[0];

    private async Task<PartitionPosition> PositionAsync() =>
        (await _node.Store.ReadAsync(_node.Keys.PartitionOf(_subject), [], None)).Position;
}
