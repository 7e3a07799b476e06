using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Store;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.Fanout;

public sealed class OutboxTests
{
    private const int MaxFrameBytes = 4096;

    private static readonly TimeSpan BookmarkPeriod = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly ReadyOutboxes _ready = new();
    private readonly FrameCache _frames = new();
    private readonly RecordingConnection _connection = new();
    private readonly ReadyBatch _batch;
    private readonly Outbox _outbox;

    public OutboxTests()
    {
        _batch = new ReadyBatch(_ready);
        _outbox = new Outbox(
            _connection,
            FrameWriter.Of(_connection.Protocol),
            MaxFrameBytes,
            new Cursor(1, 1),
            _ready,
            _time
        );
    }

    private string[] Sent => [.. _connection.Sent];

    [Fact]
    public void Mark_ManyChangesOfOneSubject_OnlyTheLatestIsSent()
    {
        for (var revision = 1; revision <= 1000; revision++)
        {
            Mark(Of(Ada, $"State{revision}", 100, revision));
        }

        Assert.Equal(1, _outbox.PendingCount);
        FlushReady();
        Assert.Contains("State1000", Assert.Single(Sent), StringComparison.Ordinal);
    }

    [Fact]
    public void Mark_OlderAfterNewer_IsDropped()
    {
        Mark(Of(Ada, "New", 100, 2));
        Mark(Of(Ada, "Old", 100, 1));

        FlushReady();

        Assert.Contains("New", Assert.Single(Sent), StringComparison.Ordinal);
        Assert.DoesNotContain("Old", Sent[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Mark_OutboxIsReadyAlready_QueuesItOnce()
    {
        Mark(Of(Ada, "Busy", 100, 1));
        Mark(Of(Ben, "Busy", 100, 1));

        Assert.True(_ready.TryTake(out var ready));
        Assert.Same(_outbox, ready);
        Assert.False(_ready.TryTake(out _));
    }

    [Fact]
    public void Mark_BatchIsNotComplete_DoesNotQueueTheOutbox()
    {
        _batch.Begin();
        _outbox.Mark(new EntryFragment(Of(Ada, "Busy", 100, 1)), _batch);

        Assert.False(_ready.TryTake(out _));
        _batch.Complete();
        Assert.True(_ready.TryTake(out _));
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
            MarkBatch([
                .. ids.Where((_, i) => i % 20 < revision).Select(id => Of(id, $"State{revision}", 100, revision)),
            ]);
        }

        Assert.Equal(subjects, _outbox.PendingCount);
        FlushReady();
        Assert.Equal(subjects, Sent.Sum(frame => frame.Split("\"availability\":\"State20\"").Length - 1));
    }

    [Fact]
    public void Flush_SeveralSubjects_GoInOneFrame()
    {
        MarkBatch(Of(Ada, "Busy", 100, 1), Of(Ben, "Away", 100, 1));

        FlushReady();

        var frame = Assert.Single(Sent);
        Assert.Contains("Busy", frame, StringComparison.Ordinal);
        Assert.Contains("Away", frame, StringComparison.Ordinal);
    }

    [Fact]
    public void Flush_MoreThanAFrame_SendsAllOfItInTurns()
    {
        MarkBatch([.. Enumerable.Range(0, 100).Select(i => Of(new SubjectId(Guid.NewGuid()), "Busy", 100, i))]);

        FlushReady();

        Assert.All(Sent, frame => Assert.InRange(frame.Length, 1, 4500));
        Assert.Equal(100, Sent.Sum(frame => frame.Split("\"Busy\"").Length / 2));
    }

    [Fact]
    public void Flush_ConnectionsWithEqualEntries_ShareTheFrame()
    {
        var other = new RecordingConnection("other");
        var otherOutbox = new Outbox(other, _outbox.Writer, MaxFrameBytes, new Cursor(1, 1), _ready, _time);
        EntryFragment[] fragments = [new(Of(Ada, "Busy", 100, 1)), new(Of(Ben, "Away", 100, 1))];
        _batch.Begin();
        foreach (var fragment in fragments)
        {
            _outbox.Mark(fragment, _batch);
            otherOutbox.Mark(fragment, _batch);
        }

        _outbox.Flush(_frames);
        otherOutbox.Flush(_frames);

        Assert.True(_connection.Frames.Single().Equals(other.Frames.Single()));
    }

    [Fact]
    public async Task Flush_ClientAcceptsNothing_OneWriteIsInFlightAndTheRestGathers()
    {
        var accepting = _connection.Accepting = new TaskCompletionSource();
        Mark(Of(Ada, "First", 100, 1));
        FlushReady();

        Mark(Of(Ada, "Second", 100, 2));
        Mark(Of(Ada, "Third", 100, 3));
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(TimeSpan.FromSeconds(11), _outbox.WaitingFor);
        Assert.False(_ready.TryTake(out _));
        _connection.Accepting = null;
        accepting.SetResult();
        await _outbox.InFlight;

        Assert.Equal(TimeSpan.Zero, _outbox.WaitingFor);
        FlushReady();
        Assert.Equal(2, Sent.Length);
        Assert.Contains("Third", Sent[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flush_ConnectionIsGone_AbortsIt()
    {
        var accepting = _connection.Accepting = new TaskCompletionSource();
        Mark(Of(Ada, "First", 100, 1));
        FlushReady();
        accepting.SetException(new IOException("gone"));

        await _outbox.InFlight;

        Assert.True(_connection.IsAborted);
    }

    [Fact]
    public void Revoke_EntriesWaiting_DropsTheSubjectsAndTellsFirst()
    {
        MarkBatch(Of(Ada, "Secret", 100, 1), Of(Ben, "Away", 100, 1));

        _outbox.Revoke([Ada]);
        FlushReady();

        Assert.Equal(2, Sent.Length);
        Assert.Contains($"\"Revoked\",\"arguments\":[[\"{Ada}\"]]", Sent[0], StringComparison.Ordinal);
        Assert.Contains("Away", Sent[1], StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", Sent[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Mark_RevokedSubject_IsRefusedUntilAdmittedAgain()
    {
        _outbox.Revoke([Ada]);
        FlushReady();

        Mark(Of(Ada, "Secret", 100, 1));
        Assert.False(_ready.TryTake(out _));
        Assert.Equal(0, _outbox.PendingCount);
        _outbox.Admit([Ada]);
        Mark(Of(Ada, "Busy", 100, 2));
        Assert.True(_ready.TryTake(out _));
    }

    [Fact]
    public async Task Revoke_WhileAWriteIsInFlight_IsSentNext()
    {
        var accepting = _connection.Accepting = new TaskCompletionSource();
        Mark(Of(Ada, "First", 100, 1));
        FlushReady();

        _outbox.Revoke([Ada]);
        Assert.False(_ready.TryTake(out _));
        _connection.Accepting = null;
        accepting.SetResult();
        await _outbox.InFlight;

        FlushReady();
        Assert.Contains("Revoked", Sent[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Promise_WithEntriesWaiting_HoldsOnlyAfterTheyAreSent()
    {
        Mark(Of(Ada, "Busy", 100, 1));
        _outbox.Promise(new Cursor(1, 50), BookmarkPeriod);
        Assert.Equal(new Cursor(1, 1), _outbox.Cursor);

        FlushReady();

        Assert.Equal(new Cursor(1, 50), _outbox.Cursor);
    }

    [Fact]
    public void Promise_NothingWaiting_HoldsAtOnceAndSendsNothing()
    {
        _time.Advance(BookmarkPeriod);

        _outbox.Promise(new Cursor(1, 50), BookmarkPeriod);

        Assert.False(_ready.TryTake(out _));
        Assert.Equal(new Cursor(1, 50), _outbox.Cursor);
    }

    [Fact]
    public void Promise_AfterChangesWereSent_IsBookmarkedOncePerPeriod()
    {
        Mark(Of(Ada, "Busy", 100, 1));
        FlushReady();
        _outbox.Promise(new Cursor(1, 50), BookmarkPeriod);
        Assert.False(_ready.TryTake(out _));

        _time.Advance(BookmarkPeriod);
        _outbox.Promise(new Cursor(1, 60), BookmarkPeriod);
        FlushReady();

        Assert.Contains("""{"type":1,"target":"Bookmark","arguments":["1-60"]}""", Sent[^1], StringComparison.Ordinal);
        _time.Advance(BookmarkPeriod);
        _outbox.Promise(new Cursor(1, 70), BookmarkPeriod);
        Assert.False(_ready.TryTake(out _));
    }

    [Fact]
    public void Promise_ChangesArriveBeforeTheBookmark_AreSentFirst()
    {
        Mark(Of(Ada, "Busy", 100, 1));
        FlushReady();
        _time.Advance(BookmarkPeriod);
        _outbox.Promise(new Cursor(1, 60), BookmarkPeriod);
        Mark(Of(Ada, "Away", 100, 2));

        FlushReady();

        Assert.Contains("Away", Sent[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Discard_WhatIsNoLongerWatched_IsNotSent()
    {
        Mark(Of(Ada, "Busy", 100, 1));
        _outbox.Discard([Ada]);

        FlushReady();

        Assert.Empty(Sent);
        Mark(Of(Ada, "Busy", 100, 2));
        Assert.True(_ready.TryTake(out _));
    }

    private void Mark(StoredEntry entry) => MarkBatch(entry);

    private void MarkBatch(params StoredEntry[] entries)
    {
        _batch.Begin();
        foreach (var entry in entries)
        {
            _outbox.Mark(new EntryFragment(entry), _batch);
        }

        _batch.Complete();
    }

    private void FlushReady()
    {
        while (_ready.TryTake(out var outbox))
        {
            outbox.Flush(_frames);
        }
    }
}
