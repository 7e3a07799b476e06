using System.Diagnostics;
using System.Threading.Channels;
using PresenceHub.Benchmarks.Systems;

namespace PresenceHub.Benchmarks.Load;

/// <summary>
/// Makes changes at their intended times, whatever the system does. Batches enter the system one after the other, as
/// from one feed: a system that is slow to take them falls behind the schedule, and its clients' latency shows it.
/// </summary>
internal static class OpenLoop
{
    /// <param name="deliveries">Records what is made.</param>
    /// <param name="system">Takes the changes.</param>
    /// <param name="period">Time between two batches.</param>
    /// <param name="batches">How many.</param>
    /// <param name="subjectsOf">Indexes of the subjects that change in a batch.</param>
    /// <param name="end">Makes no more of them.</param>
    public static async Task RunAsync(
        Deliveries deliveries,
        SystemUnderTest system,
        TimeSpan period,
        int batches,
        Func<int, IEnumerable<int>> subjectsOf,
        CancellationToken end = default
    )
    {
        var queue = Channel.CreateUnbounded<Change[]>(new UnboundedChannelOptions { SingleReader = true });
        var feeding = FeedAsync(queue.Reader, system);
        var begun = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (var batch = 0; batch < batches && !end.IsCancellationRequested; )
        {
            var due = begun + (long)(batch * period.TotalSeconds * Stopwatch.Frequency);
            if (Stopwatch.GetTimestamp() < due)
            {
                await timer.WaitForNextTickAsync(CancellationToken.None);
                continue;
            }

            await queue.Writer.WriteAsync(
                [.. subjectsOf(batch).Select(subject => deliveries.Log.Add(subject, due))],
                CancellationToken.None
            );
            batch++;
        }

        queue.Writer.Complete();
        await feeding;
    }

    private static async Task FeedAsync(ChannelReader<Change[]> batches, SystemUnderTest system)
    {
        await foreach (var batch in batches.ReadAllAsync())
        {
            await system.ApplyAsync(batch);
        }
    }
}
