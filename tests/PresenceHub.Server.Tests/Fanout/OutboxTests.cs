using PresenceHub.Contracts;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Store;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.Fanout;

public sealed class OutboxTests
{
    private readonly OutboxBench _bench = new();

    [Fact]
    public void Mark_ManyChangesOfOneSubject_OnlyTheLatestIsSent()
    {
        for (var revision = 1; revision <= 1000; revision++)
        {
            _bench.Mark(Of(Ada, $"State{revision}", 100, revision));
        }

        Assert.Equal(1, _bench.Outbox.PendingCount);
        _bench.FlushReady();
        Assert.Contains("State1000", Assert.Single(_bench.Sent), StringComparison.Ordinal);
    }

    [Fact]
    public void Mark_OlderAfterNewer_IsDropped()
    {
        _bench.Mark(Of(Ada, "New", 100, 2));
        _bench.Mark(Of(Ada, "Old", 100, 1));

        _bench.FlushReady();

        Assert.Contains("New", Assert.Single(_bench.Sent), StringComparison.Ordinal);
        Assert.DoesNotContain("Old", _bench.Sent[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Mark_OutboxIsReadyAlready_QueuesItOnce()
    {
        _bench.Mark(Of(Ada, "Busy", 100, 1));
        _bench.Mark(Of(Ben, "Busy", 100, 1));

        Assert.True(_bench.Ready.TryTake(out var ready));
        Assert.Same(_bench.Outbox, ready);
        Assert.False(_bench.Ready.TryTake(out _));
    }

    [Fact]
    public void Mark_BatchIsNotComplete_DoesNotQueueTheOutbox()
    {
        _bench.Batch.Begin();
        _bench.Outbox.Mark(new EntryFragment(Of(Ada, "Busy", 100, 1)), _bench.Batch);

        Assert.False(_bench.Ready.TryTake(out _));
        _bench.Batch.Complete();
        Assert.True(_bench.Ready.TryTake(out _));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    [InlineData(700)]
    public void Mark_BatchesOfOverlappingSubjects_HoldsTheNewestOfEach(int subjects)
    {
        var ids = Enumerable.Range(0, subjects).Select(_ => new SubjectId(Guid.NewGuid())).ToArray();
        for (var revision = 1; revision <= 20; revision++)
        {
            // Each batch leaves out some subjects, so that their newest entry is of an earlier one.
            _bench.MarkBatch([
                .. ids.Where((_, i) => i % 20 < revision).Select(id => Of(id, $"State{revision}", 100, revision)),
            ]);
        }

        Assert.Equal(subjects, _bench.Outbox.PendingCount);
        _bench.FlushReady();
        Assert.Equal(subjects, _bench.Sent.Sum(frame => frame.Split("\"availability\":\"State20\"").Length - 1));
    }

    [Fact]
    public void Flush_SeveralSubjects_GoInOneFrame()
    {
        _bench.MarkBatch(Of(Ada, "Busy", 100, 1), Of(Ben, "Away", 100, 1));

        _bench.FlushReady();

        var frame = Assert.Single(_bench.Sent);
        Assert.Contains("Busy", frame, StringComparison.Ordinal);
        Assert.Contains("Away", frame, StringComparison.Ordinal);
    }

    [Fact]
    public void Flush_MoreThanAFrame_SendsAllOfItInTurns()
    {
        _bench.MarkBatch([.. Enumerable.Range(0, 100).Select(i => Of(new SubjectId(Guid.NewGuid()), "Busy", 100, i))]);

        _bench.FlushReady();

        Assert.All(_bench.Sent, frame => Assert.InRange(frame.Length, 1, 4500));
        Assert.Equal(100, _bench.Sent.Sum(frame => frame.Split("\"Busy\"").Length / 2));
    }

    [Fact]
    public void Flush_ConnectionsWithEqualEntries_ShareTheFrame()
    {
        var other = new RecordingConnection("other");
        var otherOutbox = new Outbox(
            new HubOutboxTarget(other),
            _bench.Outbox.Writer,
            OutboxBench.MaxFrameBytes,
            new Cursor(1, 1),
            _bench.Ready,
            _bench.Time
        );
        EntryFragment[] fragments = [new(Of(Ada, "Busy", 100, 1)), new(Of(Ben, "Away", 100, 1))];
        _bench.Batch.Begin();
        foreach (var fragment in fragments)
        {
            _bench.Outbox.Mark(fragment, _bench.Batch);
            otherOutbox.Mark(fragment, _bench.Batch);
        }

        _bench.Outbox.Flush(_bench.Frames);
        otherOutbox.Flush(_bench.Frames);

        Assert.True(_bench.Connection.Frames.Single().Equals(other.Frames.Single()));
    }

    [Fact]
    public async Task Flush_ClientAcceptsNothing_OneWriteIsInFlightAndTheRestGathers()
    {
        var accepting = _bench.Connection.Accepting = new TaskCompletionSource();
        _bench.Mark(Of(Ada, "First", 100, 1));
        _bench.FlushReady();

        _bench.Mark(Of(Ada, "Second", 100, 2));
        _bench.Mark(Of(Ada, "Third", 100, 3));
        _bench.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(TimeSpan.FromSeconds(11), _bench.Outbox.WaitingFor);
        Assert.False(_bench.Ready.TryTake(out _));
        _bench.Connection.Accepting = null;
        accepting.SetResult();
        await _bench.Outbox.InFlight;

        Assert.Equal(TimeSpan.Zero, _bench.Outbox.WaitingFor);
        _bench.FlushReady();
        Assert.Equal(2, _bench.Sent.Length);
        Assert.Contains("Third", _bench.Sent[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flush_ConnectionIsGone_AbortsIt()
    {
        var accepting = _bench.Connection.Accepting = new TaskCompletionSource();
        _bench.Mark(Of(Ada, "First", 100, 1));
        _bench.FlushReady();
        accepting.SetException(new IOException("gone"));

        await _bench.Outbox.InFlight;

        Assert.True(_bench.Connection.IsAborted);
    }

    [Fact]
    public void Revoke_EntriesWaiting_DropsTheSubjectsAndTellsFirst()
    {
        _bench.MarkBatch(Of(Ada, "Secret", 100, 1), Of(Ben, "Away", 100, 1));

        _bench.Outbox.Revoke([Ada]);
        _bench.FlushReady();

        Assert.Equal(2, _bench.Sent.Length);
        Assert.Contains($"\"Revoked\",\"arguments\":[[\"{Ada}\"]]", _bench.Sent[0], StringComparison.Ordinal);
        Assert.Contains("Away", _bench.Sent[1], StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", _bench.Sent[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Mark_RevokedSubject_IsRefusedUntilAdmittedAgain()
    {
        _bench.Outbox.Revoke([Ada]);
        _bench.FlushReady();

        _bench.Mark(Of(Ada, "Secret", 100, 1));
        Assert.False(_bench.Ready.TryTake(out _));
        Assert.Equal(0, _bench.Outbox.PendingCount);
        _bench.Outbox.Admit([Ada]);
        _bench.Mark(Of(Ada, "Busy", 100, 2));
        Assert.True(_bench.Ready.TryTake(out _));
    }

    [Fact]
    public async Task Revoke_WhileAWriteIsInFlight_IsSentNext()
    {
        var accepting = _bench.Connection.Accepting = new TaskCompletionSource();
        _bench.Mark(Of(Ada, "First", 100, 1));
        _bench.FlushReady();

        _bench.Outbox.Revoke([Ada]);
        Assert.False(_bench.Ready.TryTake(out _));
        _bench.Connection.Accepting = null;
        accepting.SetResult();
        await _bench.Outbox.InFlight;

        _bench.FlushReady();
        Assert.Contains("Revoked", _bench.Sent[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Discard_WhatIsNoLongerWatched_IsNotSent()
    {
        _bench.Mark(Of(Ada, "Busy", 100, 1));
        _bench.Outbox.Discard([Ada]);

        _bench.FlushReady();

        Assert.Empty(_bench.Sent);
        _bench.Mark(Of(Ada, "Busy", 100, 2));
        Assert.True(_bench.Ready.TryTake(out _));
    }
}
