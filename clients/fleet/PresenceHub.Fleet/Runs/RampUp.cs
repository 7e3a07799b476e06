using PresenceHub.Fleet.Members;
using PresenceHub.Fleet.Scenarios;

namespace PresenceHub.Fleet.Runs;

/// <summary>Starts the members at their intended times.</summary>
internal sealed class RampUp(RampPlan plan, RunStop stop, TimeProvider time)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns the running members; it ends early when the ramp's token is cancelled.</summary>
    public async Task<IReadOnlyList<Task>> StartAsync(
        IReadOnlyList<IFleetMember> members,
        CancellationToken rampToken,
        CancellationToken stoppingToken
    )
    {
        var running = new List<Task>(members.Count);
        var start = time.GetTimestamp();
        while (running.Count < members.Count && !rampToken.IsCancellationRequested)
        {
            var due = plan.PerSecond is 0
                ? members.Count
                : Math.Min(members.Count, 1 + (long)(time.GetElapsedTime(start).TotalSeconds * plan.PerSecond));
            for (
                ;
                running.Count < due;
                running.Add(Start(members[running.Count], IntendedStart(start, running.Count), stoppingToken))
            ) { }

            await Task.Delay(Tick, time, rampToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return running;
    }

    private Task Start(IFleetMember member, long intendedStart, CancellationToken stoppingToken) =>
        Task.Run(() => RunAsync(member, intendedStart, stoppingToken), CancellationToken.None);

    private async Task RunAsync(IFleetMember member, long intendedStart, CancellationToken stoppingToken)
    {
        try
        {
            await member.RunAsync(intendedStart, stoppingToken);
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // The run is over; connections end in any way they like.
        }
        catch (Exception exception)
        {
            // A member handles every failure of the hub: what it does not handle must not look like a quiet client.
            stop.Fail($"{member.Identity} ended by a defect of this tool: {exception}");
        }
    }

    private long IntendedStart(long start, int number) =>
        plan.PerSecond is 0 ? start : start + (long)(number / plan.PerSecond * time.TimestampFrequency);
}
