using System.Runtime.ExceptionServices;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>
/// Reads pages. One subject can make Graph refuse a whole page, so a page that fails while others are read is halved
/// until the culprits are found; they are read alone from then on, again with growing delay. An outage fails every
/// page, and halves none. A 503 that asks to wait is taken for an outage at first (<see cref="RefusedPages"/>).
/// </summary>
internal sealed class PageBisection(
    PresenceIntake intake,
    GraphAnswers answers,
    PollSchedule schedule,
    TimeProvider time,
    ILogger<PageBisection> logger
)
{
    /// <summary>Enough for three culprits in a full page; those in what is left are looked for at the next
    /// try.</summary>
    internal const int MaxReads = 64;

    private readonly LogLimit _quarantinedLimit = new(time);
    private readonly RefusedPages _refused = new();

    /// <summary>Another node may have read the subjects meanwhile: what Graph refused in an earlier term counts no
    /// more.</summary>
    public void BeginTerm() => _refused.Clear();

    /// <summary>Reads the page and gives all its subjects back to the schedule, also when it throws.</summary>
    public async Task ReadAsync(IReadOnlyList<SubjectId> page, CancellationToken cancellationToken)
    {
        var open = page.ToHashSet();
        try
        {
            var since = answers.Count;
            var isSuspect = _refused.ContainsAny(page) && await ProbeAsync(page, cancellationToken);
            var kind = isSuspect ? ReadKind.SuspectPage : ReadKind.Page;
            var read = await ReadPartAsync(page, kind, open, cancellationToken);
            await FindCulpritsAsync(new Suspects(read, since), open, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (exception is GraphThrottledException { IsUnavailable: true })
            {
                _refused.Add(open);
            }

            schedule.Retry(open, WaitAfter(exception));
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

            if (
                answers.Count == suspects.Since
                && !await ProbeAsync(suspects.Subjects, cancellationToken)
                && !(suspects.AreMissing && answers.MayBecomeUnknown(suspects.Subjects))
            )
            {
                ExceptionDispatchInfo.Throw(suspects.Reason);
            }

            if (suspects.Subjects is [var culprit] && !suspects.AreMissing)
            {
                Quarantine(culprit, WaitAfter(suspects.Reason), open);
                continue;
            }

            if (reads >= MaxReads)
            {
                ExceptionDispatchInfo.Throw(suspects.Reason);
            }

            if (suspects.Subjects is [var missing])
            {
                reads++;
                await ConfirmMissingAsync(missing, open, cancellationToken);
                continue;
            }

            var since = answers.Count;
            var kind = suspects.AreMissing ? ReadKind.MissingPart : ReadKind.Part;
            foreach (var half in suspects.Subjects.Chunk((suspects.Subjects.Count + 1) / 2))
            {
                reads++;
                waiting.Push(new Suspects(await ReadPartAsync(half, kind, open, cancellationToken), since));
            }
        }
    }

    /// <summary>Graph answers for others: being left out once more, alone, makes the subject unknown.</summary>
    private async Task ConfirmMissingAsync(
        SubjectId missing,
        HashSet<SubjectId> open,
        CancellationToken cancellationToken
    )
    {
        var read = await ReadPartAsync([missing], ReadKind.Confirmation, open, cancellationToken);
        if (read.Reason is { } reason)
        {
            ExceptionDispatchInfo.Throw(reason);
        }
    }

    private static TimeSpan WaitAfter(Exception exception) =>
        exception switch
        {
            GraphThrottledException throttled => throttled.RetryAfter,
            GraphUnavailableException unavailable => unavailable.RetryAfter,
            _ => TimeSpan.Zero,
        };

    private async Task<PageRead> ReadPartAsync(
        IReadOnlyList<SubjectId> part,
        ReadKind kind,
        HashSet<SubjectId> open,
        CancellationToken cancellationToken
    )
    {
        var read = await intake.ReadAsync(part, kind, cancellationToken);
        var answered = part.Except(read.Unread).ToArray();
        open.ExceptWith(answered);
        _refused.Remove(answered);
        return read;
    }

    /// <summary>Whether Graph answers a read of a subject that was read before. If there is none, one of these is
    /// read.</summary>
    private async Task<bool> ProbeAsync(IReadOnlyList<SubjectId> suspects, CancellationToken cancellationToken)
    {
        var stranger = suspects.Count > 1 ? suspects[Random.Shared.Next(suspects.Count)] : (SubjectId?)null;
        if (!answers.TryGetProbe(stranger, out var subject, out var isWitness))
        {
            return false;
        }

        if (await intake.TryProbeAsync(subject, isWitness, cancellationToken))
        {
            answers.RecordProbeAnswer();
            return true;
        }

        answers.RecordProbeFailure();
        return false;
    }

    private void Quarantine(SubjectId culprit, TimeSpan wait, HashSet<SubjectId> open)
    {
        open.Remove(culprit);
        schedule.SetApart(culprit, wait);
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

        /// <summary>They were left out of an answer that said nothing else against them.</summary>
        public bool AreMissing => Reason is PeopleMissingException;
    }
}
