using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Store;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.Fanout;

public sealed class OutboxTests
{
    private static readonly TimeSpan BookmarkPeriod = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _sent = [];
    private readonly Outbox _outbox;

    public OutboxTests() => _outbox = new Outbox("connection", FrameWriters.Of("json"), new Cursor(1, 1), _time);

    [Fact]
    public async Task Mark_ManyChangesOfOneSubject_OnlyTheLatestIsSent()
    {
        for (var revision = 1; revision <= 1000; revision++)
        {
            Mark(Of(Ada, $"State{revision}", 100, revision));
        }

        Assert.Equal(1, _outbox.PendingCount);
        Assert.False(await _outbox.FlushAsync(SendAsync));
        Assert.Contains("State1000", Assert.Single(_sent), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mark_OlderAfterNewer_IsDropped()
    {
        Mark(Of(Ada, "New", 100, 2));
        Mark(Of(Ada, "Old", 100, 1));

        await _outbox.FlushAsync(SendAsync);

        Assert.Contains("New", Assert.Single(_sent), StringComparison.Ordinal);
    }

    [Fact]
    public void Mark_WhileAFlushIsDue_AsksForNone()
    {
        Assert.True(Mark(Of(Ada, "Busy", 100, 1)));
        Assert.False(Mark(Of(Ben, "Busy", 100, 1)));
    }

    [Fact]
    public async Task FlushAsync_SeveralSubjects_GoInOneFrame()
    {
        Mark(Of(Ada, "Busy", 100, 1));
        Mark(Of(Ben, "Away", 100, 1));

        Assert.False(await _outbox.FlushAsync(SendAsync));

        var frame = Assert.Single(_sent);
        Assert.Contains("Busy", frame, StringComparison.Ordinal);
        Assert.Contains("Away", frame, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FlushAsync_MoreThanAFrame_SendsAllOfItInTurns()
    {
        for (var i = 0; i < 100; i++)
        {
            Mark(Of(new SubjectId(Guid.NewGuid()), "Busy", 100, i));
        }

        while (await _outbox.FlushAsync(SendAsync))
        {
        }

        Assert.All(_sent, frame => Assert.InRange(frame.Length, 1, 4500));
        Assert.Equal(100, _sent.Sum(frame => frame.Split("\"Busy\"").Length / 2));
    }

    [Fact]
    public async Task FlushAsync_ClientTakesNothing_OneWriteIsInFlightAndTheRestGathers()
    {
        var taken = new TaskCompletionSource();
        Mark(Of(Ada, "First", 100, 1));
        var flush = _outbox.FlushAsync(_ => new ValueTask(taken.Task));

        Assert.False(Mark(Of(Ada, "Second", 100, 2)));
        Assert.False(Mark(Of(Ada, "Third", 100, 3)));
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(TimeSpan.FromSeconds(11), _outbox.WaitingFor);
        taken.SetResult();

        Assert.True(await flush);
        Assert.Equal(TimeSpan.Zero, _outbox.WaitingFor);
        await _outbox.FlushAsync(SendAsync);
        Assert.Contains("Third", Assert.Single(_sent), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_EntriesWaiting_DropsTheSubjectsAndTellsFirst()
    {
        Mark(Of(Ada, "Secret", 100, 1));
        Mark(Of(Ben, "Away", 100, 1));

        Assert.False(_outbox.Revoke([Ada]));
        while (await _outbox.FlushAsync(SendAsync))
        {
        }

        Assert.Equal(2, _sent.Count);
        Assert.Contains($"\"Revoked\",\"arguments\":[[\"{Ada}\"]]", _sent[0], StringComparison.Ordinal);
        Assert.Contains("Away", _sent[1], StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", _sent[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mark_RevokedSubject_IsRefusedUntilAdmittedAgain()
    {
        Assert.True(_outbox.Revoke([Ada]));
        Assert.False(await _outbox.FlushAsync(SendAsync));

        Assert.False(Mark(Of(Ada, "Secret", 100, 1)));
        Assert.Equal(0, _outbox.PendingCount);
        _outbox.Admit([Ada]);
        Assert.True(Mark(Of(Ada, "Busy", 100, 2)));
    }

    [Fact]
    public async Task Revoke_WhileAWriteIsInFlight_IsSentNext()
    {
        var taken = new TaskCompletionSource();
        Mark(Of(Ada, "First", 100, 1));
        var flush = _outbox.FlushAsync(_ => new ValueTask(taken.Task));

        Assert.False(_outbox.Revoke([Ada]));
        taken.SetResult();

        Assert.True(await flush);
        await _outbox.FlushAsync(SendAsync);
        Assert.Contains("Revoked", Assert.Single(_sent), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Promise_WithEntriesWaiting_HoldsOnlyAfterTheyAreSent()
    {
        Mark(Of(Ada, "Busy", 100, 1));
        Assert.False(_outbox.Promise(new Cursor(1, 50), BookmarkPeriod));
        Assert.Equal(new Cursor(1, 1), _outbox.Cursor);

        await _outbox.FlushAsync(SendAsync);

        Assert.Equal(new Cursor(1, 50), _outbox.Cursor);
    }

    [Fact]
    public void Promise_NothingWaiting_HoldsAtOnceAndSendsNothing()
    {
        _time.Advance(BookmarkPeriod);

        Assert.False(_outbox.Promise(new Cursor(1, 50), BookmarkPeriod));

        Assert.Equal(new Cursor(1, 50), _outbox.Cursor);
    }

    [Fact]
    public async Task Promise_AfterChangesWereSent_IsBookmarkedOncePerPeriod()
    {
        Mark(Of(Ada, "Busy", 100, 1));
        await _outbox.FlushAsync(SendAsync);
        Assert.False(_outbox.Promise(new Cursor(1, 50), BookmarkPeriod));

        _time.Advance(BookmarkPeriod);
        Assert.True(_outbox.Promise(new Cursor(1, 60), BookmarkPeriod));
        Assert.False(await _outbox.FlushAsync(SendAsync));

        Assert.Contains("""{"type":1,"target":"Bookmark","arguments":["1-60"]}""", _sent[^1], StringComparison.Ordinal);
        _time.Advance(BookmarkPeriod);
        Assert.False(_outbox.Promise(new Cursor(1, 70), BookmarkPeriod));
    }

    [Fact]
    public async Task Promise_ChangesArriveBeforeTheBookmark_AreSentFirst()
    {
        Mark(Of(Ada, "Busy", 100, 1));
        await _outbox.FlushAsync(SendAsync);
        _time.Advance(BookmarkPeriod);
        _outbox.Promise(new Cursor(1, 60), BookmarkPeriod);
        Mark(Of(Ada, "Away", 100, 2));

        while (await _outbox.FlushAsync(SendAsync))
        {
        }

        Assert.Contains("Away", _sent[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Discard_WhatIsNoLongerWatched_IsNotSent()
    {
        Mark(Of(Ada, "Busy", 100, 1));
        _outbox.Discard([Ada]);

        Assert.False(await _outbox.FlushAsync(SendAsync));

        Assert.Empty(_sent);
        Assert.True(Mark(Of(Ada, "Busy", 100, 2)));
    }

    private bool Mark(StoredEntry entry) => _outbox.Mark(new EntryFragment(entry));

    private ValueTask SendAsync(SerializedHubMessage frame)
    {
        _sent.Add(System.Text.Encoding.UTF8.GetString(frame.GetSerializedMessage(new JsonHubProtocol()).Span));
        return ValueTask.CompletedTask;
    }
}
