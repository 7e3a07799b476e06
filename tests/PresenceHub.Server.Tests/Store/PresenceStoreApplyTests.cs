using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.Store;

public sealed class PresenceStoreApplyTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task ApplyAsync_ManyCallersAtOnce_ShareAFewScriptsAndEachGetsItsOutcome()
    {
        using var bench = new ReadBench(partitions: 2);
        await bench.WriteAsync(Ada, "Busy");
        bench.Scripts.Clear();
        bench.Hold();

        var calls = Enumerable
            .Range(0, 300)
            .Select(i => ApplyAsync(bench, i % 3 is 0 ? Ada : new SubjectId(Guid.NewGuid())))
            .ToArray();
        await bench.AnswerAllAsync(Task.WhenAll(calls));

        Assert.InRange(bench.Scripts.Count, 2, 2 * 3);
        Assert.Equal(300, bench.Scripts.Sum(script => script.Length));
        Assert.NotEmpty(bench.Scripts);
        Assert.All(bench.Scripts, script => Assert.InRange(script.Length, 1, PresenceStore.MaxSubjectsPerScript));
        Assert.All(calls.Index(), call =>
            Assert.Equal([call.Index % 3 is 0 ? ApplyOutcome.Unchanged : ApplyOutcome.Applied], call.Item.Result)
        );
    }

    [Fact]
    public async Task ApplyAsync_ScriptFails_FailsItsCallersAndNotTheNext()
    {
        using var bench = new ReadBench();
        await bench.WriteAsync(Ben, "Busy");
        bench.Hold();
        var failing = ApplyAsync(bench, Ada);
        var next = ApplyAsync(bench, Ben);

        bench.Answer(new TimeoutException("no answer"));
        await Assert.ThrowsAsync<TimeoutException>(() => failing.WaitAsync(Timeout));
        await bench.AnswerAllAsync(next);

        Assert.Equal([ApplyOutcome.Unchanged], await next);
    }

    private static Task<ApplyOutcome[]> ApplyAsync(ReadBench bench, SubjectId subject) =>
        bench.Store.ApplyAsync(
            [new Observation(subject, "Busy", "Busy", null, long.MaxValue, ObservationSource.Poll)],
            CancellationToken.None
        );
}
