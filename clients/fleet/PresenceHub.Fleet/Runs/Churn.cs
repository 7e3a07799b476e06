using PresenceHub.Fleet.Members;
using PresenceHub.Fleet.Scenarios;
using PresenceHub.Fleet.Watching;

namespace PresenceHub.Fleet.Runs;

/// <summary>
/// Cuts connections and changes watch lists at a steady rate. Changes that have begun are finished for members whose
/// views are checked, unless the whole run is stopped.
/// </summary>
internal sealed class Churn(
    ChurnPlan plan,
    IReadOnlyList<LightMember> members,
    WatchLists lists,
    Random random,
    TimeProvider time,
    CancellationToken runStopped
)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>A hub that does not answer a call for this long has lost it.</summary>
    private static readonly TimeSpan FinishTimeout = TimeSpan.FromSeconds(30);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var (cut, replaced) = (0L, 0L);
        var replacements = new List<Task>();
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            while (members.Count > 0 && await timer.WaitForNextTickAsync(cancellationToken))
            {
                var minutes = time.GetElapsedTime(start).TotalMinutes;
                for (; cut < (long)(minutes * plan.ConnectionsPerMinute * members.Count); cut++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    members[random.Next(members.Count)].Cut(TimeSpan.Zero);
                }

                replacements.RemoveAll(replacement => replacement.IsCompleted);
                for (; replaced < (long)(minutes * plan.SubjectsPerMinute * members.Count); replaced++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    replacements.Add(ReplaceAsync(members[random.Next(members.Count)], cancellationToken));
                }
            }
        }
        catch (OperationCanceledException) { }

        await Task.WhenAll(replacements)
            .WaitAsync(FinishTimeout, time, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Task ReplaceAsync(LightMember member, CancellationToken churnStopped)
    {
        var watched = member.View.Subjects;
        var added = lists.Draw(random);
        return watched.Count is 0 || watched.Contains(added)
            ? Task.CompletedTask
            : member.ReplaceSubjectAsync(
                watched[random.Next(watched.Count)],
                added,
                // A member that does not read gets no answer, however long it waits.
                member.Identity.Kind is MemberKind.Healthy
                    ? runStopped
                    : churnStopped
            );
    }
}
