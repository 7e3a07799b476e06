namespace PresenceHub.Server.Ingest.Graph;

/// <summary>
/// How soon a page of refreshes or first reads may be read. Periodic reads are not paced: their interval bounds them.
/// Not synchronised: only the poll schedule asks, under its own lock and with its own time.
/// </summary>
internal sealed class PageAdmission
{
    /// <summary>After an answer without some of the ids more of those may be made up, so full pages of them are paced
    /// too.</summary>
    private static readonly TimeSpan PacedAfterMissing = TimeSpan.FromSeconds(10);

    private readonly RefreshPace _refreshes = new();
    private readonly RefreshPace _firstReads = new();
    private readonly RefreshPace _unwatched = new();
    private TimeSpan _pacedUntil = TimeSpan.MinValue;

    /// <summary>Whether subjects that Graph knows may be refreshed. A full page need not wait for more.</summary>
    public bool MayRefresh(TimeSpan now, bool isFull) => isFull || _refreshes.IsOpen(now);

    public void RecordRefreshes(TimeSpan now) => _refreshes.Taken(now);

    /// <summary>Whether watched subjects may be read for the first time, and records it if so. A full page need not
    /// wait: a new leader reads many subjects at once, and the pace is for ids that a client makes up.</summary>
    public bool TryFirstRead(TimeSpan now, bool isFull)
    {
        if (!_firstReads.IsOpen(now) && !(isFull && now >= _pacedUntil))
        {
            return false;
        }

        _firstReads.Taken(now);
        return true;
    }

    /// <summary>Whether unwatched subjects may be read once, and records it if so. They are paced even while nothing
    /// else waits, and however many there are.</summary>
    public bool TryReadUnwatched(TimeSpan now)
    {
        if (!_unwatched.IsOpen(now))
        {
            return false;
        }

        _unwatched.Taken(now);
        return true;
    }

    /// <summary>A page with first reads costs a second request, because the answer left subjects out.</summary>
    /// <param name="now">The schedule's time.</param>
    /// <param name="isOfWatched">Most of the page were first reads of watched subjects.</param>
    public void RecordSecondRead(TimeSpan now, bool isOfWatched)
    {
        _pacedUntil = now + PacedAfterMissing;
        if (isOfWatched)
        {
            _firstReads.TakenTwice(now);
        }
    }

    /// <summary>Forgets that answers left subjects out.</summary>
    public void Clear() => _pacedUntil = TimeSpan.MinValue;
}
