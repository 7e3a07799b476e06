using PresenceHub.Benchmarks.Load;

namespace PresenceHub.Benchmarks.Systems;

/// <summary>One of the compared systems, running: its nodes, how changes get in, and what its processes use.</summary>
internal abstract class SystemUnderTest(string name) : IAsyncDisposable
{
    /// <summary>The name in results.</summary>
    public string Name { get; } = name;

    /// <summary>What clients connect to, one address per node.</summary>
    public abstract IReadOnlyList<Uri> Addresses { get; }

    /// <summary>How its clients talk.</summary>
    public abstract ClientProtocol Protocol { get; }

    protected abstract IEnumerable<int> ProcessIds { get; }

    /// <summary>Gives the system a first entry of each subject, before any client watches.</summary>
    public abstract Task FillAsync(IReadOnlyList<string> subjectIds);

    /// <summary>Lets a batch of changes in as one; completes when the system has taken it.</summary>
    public abstract Task ApplyAsync(IReadOnlyList<Change> batch);

    /// <summary>Bytes that all its processes have allocated; null where the runtime does not tell.</summary>
    public abstract Task<long?> AllocatedBytesAsync();

    public TimeSpan CpuTime() => ProcessIds.Aggregate(TimeSpan.Zero, (sum, id) => sum + ProcessUsage.CpuTimeOf(id));

    public long ResidentBytes() => ProcessIds.Sum(ProcessUsage.ResidentBytesOf);

    public abstract ValueTask DisposeAsync();
}
