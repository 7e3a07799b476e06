using System.Runtime.ExceptionServices;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>
/// Reads pages. One subject can make Graph refuse a whole page, so a page that fails while others are read is halved until the culprits
/// are found; they are read alone from then on, again with growing delay. An outage fails every page, and halves none.
/// </summary>
internal sealed class PageBisection(
    PresenceIntake intake, GraphAnswers answers, PollSchedule schedule, TimeProvider time, ILogger<PageBisection> logger)
{
    /// <summary>Enough for three culprits in a full page; those in what is left are looked for at the next try.</summary>
    internal const int MaxReads = 64;

    private readonly LogLimit _quarantinedLimit = new(time);

    /// <summary>Reads the page and gives all its subjects back to the schedule, also when it throws.</summary>
    public async Task ReadAsync(IReadOnlyList<SubjectId> page, CancellationToken cancellationToken)
    {
        var open = page.ToHashSet();
        try
        {
            var since = answers.Count;
            var read = await ReadPartAsync(page, repeats: true, open, cancellationToken);
            await FindCulpritsAsync(new Suspects(read, since), open, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            schedule.Retry(open, exception is GraphThrottledException throttled ? throttled.RetryAfter : TimeSpan.Zero);
            throw;
        }
    }

    private async Task FindCulpritsAsync(Suspects failed, HashSet<SubjectId> open, CancellationToken cancellationToken)
    {
        // The smallest first: whatever the limit, those that were narrowed down are found.
        var waiting = new Stack<Suspects>([failed]);
        var reads = 0;
        while (waiting.TryPop(out var suspects))
        {
            if (suspects.Subjects.Count is 0)
            {
                continue;
            }

            if (answers.Count == suspects.Since && !await ProbeAsync(suspects, cancellationToken))
            {
                ExceptionDispatchInfo.Throw(suspects.Reason);
            }

            if (suspects.Subjects is [var culprit])
            {
                Quarantine(culprit, open);
                continue;
            }

            if (reads >= MaxReads)
            {
                ExceptionDispatchInfo.Throw(suspects.Reason);
            }

            var since = answers.Count;
            foreach (var half in suspects.Subjects.Chunk((suspects.Subjects.Count + 1) / 2))
            {
                reads++;
                waiting.Push(new Suspects(await ReadPartAsync(half, repeats: false, open, cancellationToken), since));
            }
        }
    }

    private async Task<PageRead> ReadPartAsync(IReadOnlyList<SubjectId> part, bool repeats, HashSet<SubjectId> open, CancellationToken cancellationToken)
    {
        var read = await intake.ReadAsync(part, repeats, cancellationToken);
        open.ExceptWith(part.Except(read.Unread));
        return read;
    }

    private async Task<bool> ProbeAsync(Suspects suspects, CancellationToken cancellationToken)
    {
        var stranger = suspects.Subjects.Count > 1 ? suspects.Subjects[Random.Shared.Next(suspects.Subjects.Count)] : (SubjectId?)null;
        if (!answers.TryGetProbe(stranger, out var subject))
        {
            return false;
        }

        if (await intake.TryProbeAsync(subject, cancellationToken))
        {
            answers.ProbeCame();
            return true;
        }

        answers.ProbeFailed();
        return false;
    }

    private void Quarantine(SubjectId culprit, HashSet<SubjectId> open)
    {
        open.Remove(culprit);
        schedule.SetApart(culprit);
        if (_quarantinedLimit.TryTake())
        {
            logger.SubjectsQuarantined(schedule.Counts.Quarantined);
        }
    }

    /// <param name="Read">The read that failed.</param>
    /// <param name="Since">The count of Graph's answers before: a later one shows that Graph works.</param>
    private readonly record struct Suspects(PageRead Read, long Since)
    {
        public IReadOnlyList<SubjectId> Subjects => Read.Unread;

        public Exception Reason => Read.Reason!;
    }
}
