using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.WatchLists;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>Follows the refresh requests of all nodes.</summary>
internal sealed class RefreshLoop(
    RefreshRequests requests,
    WatchedSubjects watched,
    PollSchedule schedule,
    UnknownNotices notices,
    TimeProvider time,
    ILogger<RefreshLoop> logger
)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var queue = await requests.SubscribeAsync(Take).WaitAsync(cancellationToken);
                try
                {
                    await queue.Completion.WaitAsync(cancellationToken);
                }
                finally
                {
                    await queue.UnsubscribeAsync(CommandFlags.FireAndForget);
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The interest that is read every few seconds makes up for requests that are lost.
                logger.RefreshRequestsNotFollowed(FailureReason.Of(exception));
            }

            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    private void Take(IReadOnlyList<SubjectId> subjects, bool areWatched)
    {
        if (areWatched)
        {
            schedule.AssumeUnknown(notices.UnknownOf(subjects));
            watched.Add(subjects);
            return;
        }

        // A node that requests a subject that Graph does not know has missed the message: it is sent again.
        var byWatched = subjects.ToLookup(subject => watched.LeaseOf(subject) is not Lease.None);
        schedule.Refresh(byWatched[true].Concat(notices.Repeat([.. byWatched[false]])));
    }
}
