using PresenceHub.Contracts;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Tests.Store;

/// <summary>No subject waits longer than a period for its next reading, whenever it was tracked.</summary>
public sealed class MirrorComparisonTests : IDisposable
{
    private const int Periods = 4;
    private static readonly TimeSpan Tick = new StoreOptions().ComparePeriod / PartitionComparison.Ticks;

    private readonly FollowerBench _bench = new(partitions: 3);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task CompareOnceAsync_SubjectsThatComeAndGo_AreEachReadOnceAPeriod()
    {
        var random = new Random(1);
        var readAt = new Dictionary<SubjectId, int>();
        await _bench.CheckOnceAsync();
        var longest = 0;
        var reads = 0;
        for (var tick = 0; tick < Periods * PartitionComparison.Ticks; tick++)
        {
            // A watcher's call reads what it tracks; it is not read again for that reason.
            var subject = new SubjectId(Guid.NewGuid());
            _bench.Mirror.Track([subject]);
            await _bench.Mirror.ReadAsync([subject], null, CancellationToken.None);
            if (readAt.Count > 150)
            {
                var gone = readAt.Keys.ElementAt(random.Next(readAt.Count));
                _bench.Mirror.Untrack([gone]);
                readAt.Remove(gone);
            }

            readAt[subject] = tick;
            _bench.Scripts.Clear();
            _bench.Time.Advance(Tick);
            await _bench.Comparison.CompareOnceAsync(CancellationToken.None);
            foreach (var read in _bench.Scripts.SelectMany(script => script.Subjects))
            {
                reads++;
                readAt[read] = tick + 1;
            }

            longest = Math.Max(longest, readAt.Values.Max(at => tick + 1 - at));
        }

        Assert.InRange(longest, PartitionComparison.Ticks / 2, PartitionComparison.Ticks);
        Assert.InRange(reads, 1, 2 * 150 * Periods);
    }

    [Fact]
    public async Task CompareOnceAsync_SubjectTrackedJustAfterItsPartitionWasCompared_TakesOverItsTimeWithinAPeriod()
    {
        await _bench.CheckOnceAsync();
        await CompareForAsync(2 * PartitionComparison.Ticks);
        var subject = _bench.SubjectOf(0);
        await _bench.WriteAsync("Busy", subject);
        _bench.Mirror.Track([subject]);
        await _bench.Mirror.ReadAsync([subject], null, CancellationToken.None);

        // Confirmed, which is not announced.
        _bench.Time.Advance(TimeSpan.FromMilliseconds(10));
        await _bench.WriteAsync("Busy", subject);
        var before = _bench.Held(subject)!.ObservedAt;
        await CompareForAsync(PartitionComparison.Ticks);

        Assert.True(_bench.Held(subject)!.ObservedAt > before);
    }

    [Fact]
    public async Task CompareOnceAsync_PartitionAway_ComparesTheOthers()
    {
        SubjectId[] subjects = [.. Enumerable.Range(0, 3).Select(_bench.SubjectOf)];
        _bench.Mirror.Track(subjects);
        await _bench.CheckOnceAsync();
        _bench.Scripts.Clear();

        _bench.Away.Add(0);
        await CompareForAsync(PartitionComparison.Ticks);

        Assert.Equal(subjects[1..].ToHashSet(), _bench.Scripts.SelectMany(script => script.Subjects).ToHashSet());
    }

    private async Task CompareForAsync(int ticks)
    {
        for (var i = 0; i < ticks; i++)
        {
            _bench.Time.Advance(Tick);
            await _bench.Comparison.CompareOnceAsync(CancellationToken.None);
        }
    }
}
