using PresenceHub.Fleet.Driving;
using PresenceHub.Fleet.Members;

namespace PresenceHub.Fleet.Checking;

/// <summary>Measures how long after the last driven change all healthy views hold the final state.</summary>
internal sealed class Convergence(ChangeLog changes, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns null when it did not happen in time.</summary>
    public async Task<TimeSpan?> MeasureAsync(
        IReadOnlyList<IFleetMember> members,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < patience)
        {
            if (members.All(HoldsAll))
            {
                return time.GetElapsedTime(changes.LastIntended);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        return null;
    }

    private bool HoldsAll(IFleetMember member)
    {
        var visitor = new ChangeVisitor(changes);
        member.View.Visit(ref visitor);
        return visitor.Behind is 0;
    }
}
