using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>Reads pages of subjects that are due, as soon as requests to Graph may leave.</summary>
internal sealed class PageLoop(
    PollSchedule schedule,
    PageBisection pages,
    GraphAdmission admission,
    TimeProvider time,
    ILogger<PageLoop> logger
)
{
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(25);

    private int _isFailing;

    /// <summary>False while reads fail. Only meaningful on the leader.</summary>
    public bool IsReading => Volatile.Read(ref _isFailing) is 0;

    /// <summary>Reads until the term ends.</summary>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        pages.BeginTerm();
        return Task.WhenAll(
            Enumerable.Range(0, GraphAdmission.PagesInFlight).Select(_ => ReadDueAsync(cancellationToken))
        );
    }

    private async Task ReadDueAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TickPeriod, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            while (await ReadPageOnceAsync(cancellationToken)) { }
        }
    }

    /// <summary>Reads one page of subjects that are due. False when there is nothing more to do now.</summary>
    private async Task<bool> ReadPageOnceAsync(CancellationToken cancellationToken)
    {
        if (!admission.IsOpen)
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
            if (Interlocked.Exchange(ref _isFailing, 0) is 1)
            {
                logger.PresenceReadRecovered();
            }

            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (Interlocked.Exchange(ref _isFailing, 1) is 0)
            {
                logger.PresenceNotRead(FailureReason.Of(exception));
            }

            return false;
        }
    }
}
