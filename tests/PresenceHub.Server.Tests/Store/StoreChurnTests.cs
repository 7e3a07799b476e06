using PresenceHub.Server.Store;
using static PresenceHub.Server.Tests.Churn;

namespace PresenceHub.Server.Tests.Store;

/// <summary>Half a million different ids go through all that Store keeps by id: nothing may grow with them.</summary>
[Collection(nameof(WholeHeap))]
public sealed class StoreChurnTests
{
    private const int PageSize = 500;

    [Fact]
    public async Task Mirror_IdsTrackedAndReadForAMoment_AreAllForgotten()
    {
        using var bench = new ReadBench(partitions: 4);
        await bench.FollowAsync();
        var before = Heap();
        for (var page = 0; page < Ids / PageSize; page++)
        {
            var strangers = Strangers(PageSize);
            Assert.Equal(PageSize, (await bench.ReadAsync(strangers)).Count);
            bench.Mirror.Untrack(strangers);
            bench.Scripts.Clear();
        }

        AssertSmall(bench, before);
    }

    [Fact]
    public async Task Mirror_ReadsThatFail_LeaveNothingBehind()
    {
        using var bench = new ReadBench(partitions: 4);
        await bench.FollowAsync();
        bench.Hold();
        var before = Heap();
        for (var page = 0; page < Ids / PageSize; page++)
        {
            var strangers = Strangers(PageSize);
            using var leaving = new CancellationTokenSource();
            var read = bench.ReadAsync(leaving.Token, strangers);
            if (page % 2 is 0)
            {
                // The caller goes before the answer.
                await leaving.CancelAsync();
            }

            while (!read.IsCompleted || bench.IsWaiting)
            {
                bench.Answer(new TimeoutException("no answer"));
                await Task.Yield();
            }

            await Assert.ThrowsAnyAsync<Exception>(() => read);
            bench.Mirror.Untrack(strangers);
            bench.Scripts.Clear();
        }

        AssertSmall(bench, before);
    }

    [Fact]
    public async Task Mirror_IdsOfALostPartition_AreForgottenButForThoseThatWereHeld()
    {
        using var bench = new FollowerBench(partitions: 2);
        var held = bench.SubjectOf(0);
        bench.Mirror.Track([held]);
        await bench.WriteAsync("Busy", held);
        await bench.CheckForAsync(TimeSpan.FromSeconds(2));
        bench.Away.Add(0);
        await bench.CheckForAsync(TimeSpan.FromSeconds(8));
        bench.Mirror.Untrack([held]);
        var before = Heap();
        for (var page = 0; page < Ids / PageSize; page++)
        {
            var strangers = Strangers(PageSize);
            bench.Mirror.Track(strangers);
            var entries = await bench.Mirror.ReadAsync(strangers, null, CancellationToken.None, isFresh: true);
            Assert.Equal(PageSize, entries.Count);
            bench.Mirror.Untrack(strangers);
            bench.Scripts.Clear();
        }

        Assert.Equal([held], bench.Mirror.Partitions.SelectMany(partition => partition.Tracked));
        Assert.InRange(Heap() - before, long.MinValue, MaxGrowth);
        bench.Mirror.Track([held]);
        Assert.True(bench.Held(held)!.IsStale);
    }

    [Fact]
    public async Task ApplyPump_ManyObservations_LeavesNothingBehind()
    {
        var pump = new ApplyPump(observations => Task.FromResult(new ApplyOutcome[observations.Count]));
        var before = Heap();
        for (var page = 0; page < Ids / PageSize; page++)
        {
            foreach (var stranger in Strangers(PageSize))
            {
                pump.Add(new Observation(stranger, "Busy", "Busy", null, page, ObservationSource.Poll), out _);
            }

            pump.Send();
            await pump.Sending;
        }

        Assert.InRange(Heap() - before, long.MinValue, MaxGrowth);
        GC.KeepAlive(pump);
    }

    private static void AssertSmall(ReadBench bench, long before)
    {
        Assert.All(bench.Mirror.Partitions, partition => Assert.Empty(partition.Tracked));
        Assert.InRange(Heap() - before, long.MinValue, MaxGrowth);
        GC.KeepAlive(bench);
    }
}
