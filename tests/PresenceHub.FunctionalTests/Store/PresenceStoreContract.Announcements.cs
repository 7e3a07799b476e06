using System.Collections.Concurrent;
using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Store;

/// <summary>Which changes are announced, and how.</summary>
public abstract partial class PresenceStoreContract
{
    [Fact]
    public async Task ApplyAsync_SameStateAgain_IsNotAnnounced()
    {
        await ApplyAsync(Poll("Busy", "Busy", _node.Clock.Now));
        var before = await PositionAsync();

        await ApplyAsync(Poll("Busy", "Busy", _node.Clock.Now));

        Assert.Equal(before.Offset, (await PositionAsync()).Offset);
    }

    [Fact]
    public async Task ApplyAsync_ConfirmationOfAnEntryThatWasStale_IsAnnouncedWithoutANewRevision()
    {
        var longAgo = _node.Clock.Now - StoreTime.FromTimeSpan(_settings.Options.StaleAfter) - 1_000_000;
        await ApplyAsync(Poll("Busy", "Busy", longAgo));
        var (entry, before) = (await ReadAsync(), await PositionAsync());

        Assert.Equal(ApplyOutcome.Unchanged, await ApplyAsync(Poll("Busy", "Busy", _node.Clock.Now)));

        Assert.Equal(before.Offset + 1, (await PositionAsync()).Offset);
        Assert.Equal(entry!.Revision, (await ReadAsync())!.Revision);
    }

    [Fact]
    public async Task ApplyAsync_ConcurrentWriters_OneRevisionPerChangeAndNoOffsetLost()
    {
        var before = await PositionAsync();
        var announced = new ConcurrentQueue<ChangeMessage>();
        var queue = await _node
            .Redis.GetSubscriber()
            .SubscribeAsync(_node.Channels.Of(_node.Keys.PartitionOf(_subject)));
        queue.OnMessage(message =>
            announced.Enqueue(
                ChangeMessage.TryParse((string?)message.Message, out var change)
                    ? change!
                    : throw new InvalidDataException()
            )
        );
        await using var other = await StoreNode.ConnectAsync(connectionString, _settings);
        var begun = _node.Clock.Now;

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(i =>
                    (i % 2 is 0 ? _node : other).Store.ApplyAsync(
                        [
                            new Observation(
                                _subject,
                                $"State{i}",
                                "Any",
                                $"A{i:0000}",
                                begun,
                                ObservationSource.Notification
                            ),
                        ],
                        None
                    )
                )
        );

        Assert.Equal("State199", (await ReadAsync())!.Availability);
        var messages = (int)((await PositionAsync()).Offset - before.Offset);
        await Eventually.GetAsync(() => Task.FromResult(announced.Count), count => count >= messages);
        Assert.Equal(
            Enumerable.Range(1, messages).Select(i => before.Offset + i),
            announced.Select(message => message.Position.Offset)
        );
        var revisions = announced.SelectMany(message => message.Entries).Select(entry => entry.Revision).ToArray();
        Assert.Equal(outcomes.Count(outcome => outcome is [ApplyOutcome.Applied]), revisions.Length);
        Assert.Equal(revisions.Order().Distinct(), revisions);
    }

    [Fact]
    public async Task ApplyAsync_Change_IsPublishedWithPositionAndEntry()
    {
        var partition = _node.Keys.PartitionOf(_subject);
        var received = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var queue = await _node.Redis.GetSubscriber().SubscribeAsync(_node.Channels.Of(partition));
        queue.OnMessage(message => received.TrySetResult(message.Message!));

        await ApplyAsync(Poll("Busy", "InACall", _node.Clock.Now));

        Assert.True(ChangeMessage.TryParse(await received.Task.WaitAsync(TimeSpan.FromSeconds(5)), out var change));
        Assert.Equal(await ReadAsync(), Assert.Single(change!.Entries));
        Assert.Equal((await PositionAsync()).Offset, change.Position.Offset);
    }

    [Fact]
    public async Task ApplyAsync_FullBatch_IsPublishedWhole()
    {
        var partition = _node.Keys.PartitionOf(_subject);
        var subjects = Enumerable
            .Range(0, int.MaxValue)
            .Select(_ => new SubjectId(Guid.NewGuid()))
            .Where(subject => _node.Keys.PartitionOf(subject) == partition)
            .Take(200)
            .ToArray();
        var received = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var queue = await _node.Redis.GetSubscriber().SubscribeAsync(_node.Channels.Of(partition));
        queue.OnMessage(message => received.TrySetResult(message.Message!));

        await _node.Store.ApplyAsync(
            [
                .. subjects.Select(subject => new Observation(
                    subject,
                    "Busy",
                    "InAMeeting",
                    "A0000000001",
                    _node.Clock.Now,
                    ObservationSource.Poll
                )),
            ],
            None
        );

        Assert.True(ChangeMessage.TryParse(await received.Task.WaitAsync(TimeSpan.FromSeconds(5)), out var change));
        Assert.Equal(subjects, change!.Entries.Select(entry => entry.Subject));
    }
}
