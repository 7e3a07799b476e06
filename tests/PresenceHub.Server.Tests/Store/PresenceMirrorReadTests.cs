using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.Store;

public sealed class PresenceMirrorReadTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeoutException NoAnswer = new("no answer");

    [Fact]
    public async Task ReadAsync_TwoThousandCallersAtOnce_ShareAFewScripts()
    {
        const int Partitions = 16,
            Callers = 2_000,
            People = 3_000,
            Each = 50;
        using var bench = new ReadBench(Partitions);
        var people = Enumerable.Range(0, People).Select(_ => new SubjectId(Guid.NewGuid())).ToArray();
        await bench.WriteAsync(people[7], "Busy");
        bench.Scripts.Clear();
        bench.Hold();

        var calls = Enumerable
            .Range(0, Callers)
            .Select(caller =>
                bench.ReadAsync([.. Enumerable.Range(0, Each).Select(i => people[((caller * 7) + (i * 13)) % People])])
            )
            .ToArray();
        await bench.AnswerAllAsync(Task.WhenAll(calls));

        // One that is sent at once, and then what has gathered: some 190 subjects a partition.
        Assert.InRange(bench.Scripts.Count, Partitions, 3 * Partitions);
        for (var caller = 0; caller < Callers; caller++)
        {
            Assert.Equal(
                Enumerable.Range(0, Each).Select(i => people[((caller * 7) + (i * 13)) % People]),
                (await calls[caller]).Select(entry => entry.Subject)
            );
        }

        var answers = calls.SelectMany(call => call.Result).Where(entry => entry.Subject == people[7]).ToArray();
        Assert.NotEmpty(answers);
        Assert.All(answers, entry => Assert.Equal("Busy", entry.Availability));
    }

    [Fact]
    public async Task ReadAsync_OneSubjectOfManyCallers_IsReadOnce()
    {
        using var bench = new ReadBench();
        bench.Hold();
        var first = bench.ReadAsync(Ben);

        var calls = Enumerable.Range(0, 100).Select(_ => bench.ReadAsync(Ada)).ToArray();
        await bench.AnswerAllAsync(Task.WhenAll([first, .. calls]));

        Assert.Equal(
            [
                [Ben],
                [Ada],
            ],
            bench.Scripts
        );
    }

    [Fact]
    public async Task ReadAsync_ScriptAlreadySent_IsNotShared()
    {
        using var bench = new ReadBench();
        await bench.WriteAsync(Ada, "Available");
        bench.Hold();
        var early = bench.ReadAsync(Ada);
        var write = bench.WriteAsync(Ada, "Busy");

        var late = bench.ReadAsync(Ada);
        await bench.AnswerAllAsync(Task.WhenAll(early, late, write));

        Assert.Equal("Busy", Assert.Single(await late).Availability);
    }

    [Fact]
    public async Task ReadAsync_AllHeldAndFollowed_SendsNothing()
    {
        using var bench = new ReadBench(partitions: 4);
        bench.Mirror.Track([Ada, Ben]);
        await bench.FollowAsync();

        Assert.Equal(
            [Ben, Ada],
            (await bench.Mirror.ReadAsync([Ben, Ada], null, CancellationToken.None)).Select(entry => entry.Subject)
        );

        Assert.Empty(bench.Scripts);
    }

    [Fact]
    public async Task ReadAsync_SomeHeldAndFollowed_AsksForTheRestOnly()
    {
        using var bench = new ReadBench();
        bench.Mirror.Track([Ada]);
        await bench.FollowAsync();

        Assert.Equal([Ben, Ada], (await bench.ReadAsync(Ben, Ada)).Select(entry => entry.Subject));

        Assert.Equal(
            [
                [Ben],
            ],
            bench.Scripts
        );
    }

    [Fact]
    public async Task ReadAsync_ReadFails_FailsItsCallersAndMarksNothingStale()
    {
        using var bench = new ReadBench();
        await bench.WriteAsync(Ada, "Busy");
        bench.Mirror.Track([Ada]);
        await bench.FollowAsync();
        bench.Changes.Clear();
        bench.Hold();

        var failing = bench.ReadAsync(Ben);
        bench.Answer(NoAnswer);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => failing.WaitAsync(Timeout));
        Assert.Empty(bench.Changes);
        Assert.True(bench.Mirror.Partitions[0].IsFollowing);
        Assert.True(Assert.Single(await bench.ReadAsync(Ada)).IsLive);
    }

    [Fact]
    public async Task ReadAsync_ReadFailsBeforeAnother_TheOtherIsSentAndAnswered()
    {
        using var bench = new ReadBench();
        bench.Hold();
        var failing = bench.ReadAsync(Ben);
        var waiting = bench.ReadAsync(Ada);

        bench.Answer(NoAnswer);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => failing.WaitAsync(Timeout));
        await bench.AnswerAllAsync(waiting);

        Assert.Equal(Ada, Assert.Single(await waiting).Subject);
    }

    [Fact]
    public async Task ReadAsync_ReadFailsAndAllIsHeld_AnswersWhatTheNodeShows()
    {
        using var bench = new ReadBench();
        await bench.WriteAsync(Ada, "Busy");
        bench.Mirror.Track([Ada]);
        await bench.FollowAsync();
        bench.Mirror.Partitions[0].MarkOutOfSync();
        bench.Hold();

        var call = bench.ReadAsync(Ada);
        bench.Answer(NoAnswer);

        Assert.Equal(
            Assert.Single(bench.Mirror.Partitions[0].Held([Ada])),
            Assert.Single(await call.WaitAsync(Timeout))
        );
        Assert.True(Assert.Single(await call).IsLive);
    }

    [Fact]
    public async Task ReadAsync_CallerGivesUp_LeavesTheOthersTheirAnswer()
    {
        using var bench = new ReadBench();
        using var leaving = new CancellationTokenSource();
        bench.Hold();
        var first = bench.ReadAsync(leaving.Token, Ada);
        var second = bench.ReadAsync(leaving.Token, Ben);
        var third = bench.ReadAsync(Ben);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await bench.AnswerAllAsync(third);

        Assert.Equal(Ben, Assert.Single(await third).Subject);
    }

    [Fact]
    public async Task ReadAsync_StoreDoesNotAnswer_EndsForAllWithinTheLongestWait()
    {
        using var bench = new ReadBench();
        bench.Hold();
        var sent = bench.ReadAsync(Ben);
        var waiting = Enumerable.Range(0, 1_000).Select(_ => bench.ReadAsync(new SubjectId(Guid.NewGuid()))).ToArray();

        bench.Time.Advance(ReadPump.MaxWait + TimeSpan.FromMilliseconds(1));
        bench.Answer(NoAnswer);

        foreach (var call in waiting.Prepend(sent))
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => call.WaitAsync(Timeout));
        }

        Assert.Single(bench.Scripts);
    }

    [Fact]
    public async Task ReadAsync_MoreThanCanWait_IsRefusedAtOnce()
    {
        using var bench = new ReadBench();
        bench.Hold();
        var sent = bench.ReadAsync(Ben);
        SubjectId[] full =
        [
            .. Enumerable
                .Range(0, ReadPump.MaxWaiting * ReadPump.MaxSubjectsPerRead)
                .Select(_ => new SubjectId(Guid.NewGuid())),
        ];
        var waiting = bench.ReadAsync(full);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => bench.ReadAsync(Ada));

        await bench.AnswerAllAsync(Task.WhenAll(sent, waiting));
        Assert.Equal(full.Length, (await waiting).Count);
    }

    [Fact]
    public async Task ReadAsync_FailsAgainAndAgain_IsLoggedOnceAMinute()
    {
        using var bench = new ReadBench();
        bench.Hold();
        for (var i = 0; i < 10; i++)
        {
            var call = bench.ReadAsync(new SubjectId(Guid.NewGuid()));
            Assert.True(await bench.Sent.WaitAsync(Timeout));
            bench.Answer(NoAnswer);
            await Assert.ThrowsAsync<StoreUnavailableException>(() => call.WaitAsync(Timeout));
            bench.Time.Advance(TimeSpan.FromSeconds(7));
        }

        Assert.Equal(2, bench.Logger.Lines.Count);
    }
}
