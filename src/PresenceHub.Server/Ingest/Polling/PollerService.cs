using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>Reads watched subjects from Graph into the store while this node leads.</summary>
internal sealed class PollerService(
    Leadership leadership,
    PollerTerm term,
    GraphClients graph,
    InterestLoop interest,
    RefreshLoop refreshes,
    PageLoop pages
) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        term.FollowLosses();
        return leadership.LeadAsync(PollAsync, stoppingToken);
    }

<<<<<<< HEAD
    /// <summary>Reads one page of subjects that are due. False when there is nothing more to do now.</summary>
    internal async Task<bool> ReadPageOnceAsync(CancellationToken cancellationToken)
    {
        if (gate.ClosedFor > TimeSpan.Zero)
        {
            return false;
        }

        var page = schedule.TakeDue(PresenceReader.MaxPageSize);
        if (page.Count is 0)
        {
            return false;
        }

        try
        {
            await pages.ReadAsync(page, cancellationToken);
            if (Interlocked.Exchange(ref _readsFail, 0) is 1)
            {
                logger.PresenceReadAgain();
            }

            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (Interlocked.Exchange(ref _readsFail, 1) is 0)
            {
                logger.PresenceNotRead(FailureReason.Of(exception));
            }

            return false;
        }
    }

    internal async Task ReadInterestOnceAsync(CancellationToken cancellationToken)
    {
        var asOf = schedule.Now;
        var watched = await interest.ReadAllAsync(cancellationToken);
        schedule.AssumeUnknown(notices.UnknownOf(watched));
        var unstored = schedule.SetInterest(watched, asOf);
        drift.Keep(schedule.Watched());
        var counts = schedule.Counts;
        metrics.SetWatched(counts.Watched, counts.Unknown, counts.Quarantined);
        var outcomes = await store.ApplyAsync(unstored, cancellationToken);
        metrics.Observed(ObservationSource.Poll, outcomes);
        var left = unstored.Where((_, i) => outcomes[i] is ApplyOutcome.Ambiguous or ApplyOutcome.Unavailable);
        schedule.Hint(left.Select(observation => observation.Subject));
    }

    private async Task PollAsync(CancellationToken cancellationToken)
    {
        schedule.Clear();
        pages.BeginTerm();
        drift.ForgetReadings();
=======
    private async Task PollAsync(CancellationToken cancellationToken)
    {
        term.Begin();
>>>>>>> ingest-read
        try
        {
            await Task.WhenAll(
                SignInAsync(cancellationToken),
                refreshes.RunAsync(cancellationToken),
                interest.RunAsync(cancellationToken),
                pages.RunAsync(cancellationToken)
            );
        }
        finally
        {
            term.End();
        }
    }

    private async Task SignInAsync(CancellationToken cancellationToken)
    {
        try
        {
            await graph.SignInAsync(cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
<<<<<<< HEAD
            // The first read signs in too, and says why it failed.
        }
    }

    private async Task ReadDueAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TickPeriod, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            while (await ReadPageOnceAsync(cancellationToken)) { }
        }
    }

    private async Task FollowInterestAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var delay = InterestPeriod;
            try
            {
                await ReadInterestOnceAsync(cancellationToken);
                _interestFails = 0;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                delay = RetryDelay;
                if (Interlocked.Exchange(ref _interestFails, 1) is 0)
                {
                    logger.InterestNotRead(FailureReason.Of(exception));
                }
            }

            await Task.Delay(delay, time, cancellationToken);
        }
    }

    private void TakeWanted(IReadOnlyList<SubjectId> subjects, bool isWatched)
    {
        if (isWatched)
        {
            schedule.AssumeUnknown(notices.UnknownOf(subjects));
            schedule.Announce(subjects);
            return;
        }

        // A node that asks for a subject that Graph does not know has missed the message: it is told again.
        var isWatchedAlready = subjects.ToLookup(subject => schedule.StateOf(subject).Lease is not Lease.None);
        schedule.Hint(isWatchedAlready[true].Concat(notices.Repeat([.. isWatchedAlready[false]])));
    }

    private async Task FollowHintsAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var hints = await wanted.SubscribeAsync(TakeWanted).WaitAsync(cancellationToken);
                try
                {
                    await hints.Completion.WaitAsync(cancellationToken);
                }
                finally
                {
                    await hints.UnsubscribeAsync(StackExchange.Redis.CommandFlags.FireAndForget);
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The interest that is read every few seconds makes up for hints that are lost.
                logger.HintsNotFollowed(FailureReason.Of(exception));
            }

            await Task.Delay(RetryDelay, time, cancellationToken);
=======
            // The first read signs in too, and logs why it failed.
>>>>>>> ingest-read
        }
    }
}
