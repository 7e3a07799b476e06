using PresenceHub.Server.Ingest.Coverage;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>Where subjects wait to be read. Guarded by <see cref="PollSchedule"/>.</summary>
internal sealed class PollQueues
{
    private readonly DueQueue _due = new();
    private readonly DueQueue _alone = new();
    private readonly PollLane _refreshes = new();
    private readonly RefreshPace _refreshPace = new();
    private readonly FirstReads _firstReads = new();
    private PollEntry? _aloneInFlight;
    private bool _isTurnOfDue;

    public bool HasRoomForOnce => _firstReads.HasRoomForOnce;

    /// <summary>Has a subject read soon; while it is in flight, as soon as it is given back.</summary>
    public void Refresh(PollEntry entry)
    {
        if (entry.IsInFlight)
        {
            entry.IsRefreshPending = true;
        }
        else if (entry.IsQuarantined)
        {
            // It is read when its time has come, however often a refresh is requested.
        }
        else if (entry.Knowledge is Knowledge.Known)
        {
            _refreshes.Add(entry);
        }
        else
        {
            _firstReads.Add(entry);
        }
    }

    public void Schedule(PollEntry entry, TimeSpan due) => (entry.IsQuarantined ? _alone : _due).Schedule(entry, due);

    /// <summary>Takes a page, refreshes first. It takes along what is due within
    /// <paramref name="readAhead"/>.</summary>
    public List<PollEntry> Take(int max, TimeSpan now, TimeSpan readAhead)
    {
        var page = new List<PollEntry>();
        if (_aloneInFlight is null && _alone.IsDue(now))
        {
            // One at a time: it may take as long as a request that hangs.
            page.Add(_aloneInFlight = _alone.Take());
            _aloneInFlight.TakenFrom = null;
            return page;
        }

        var isDue = _due.IsDue(now);
        var refreshesWait = _refreshes.IsAny() && (_refreshPace.IsOpen(now) || _refreshes.Count >= max);
        _firstReads.TakePage(page, max, now, isDue || refreshesWait);
        var isOfOthers = page.Count is 0;
        if (refreshesWait && page.Count < max && !(_isTurnOfDue && isDue))
        {
            _refreshPace.Taken(now);
            _refreshes.MoveTo(page, max);
        }

        // However many refreshes wait, every other page is left to those whose time has come.
        _isTurnOfDue = page.Count == max;

        // A page of refreshes is kept small, so that it is answered soon.
        var ahead = page.Count > 0 ? TimeSpan.Zero : readAhead;
        while (page.Count < max && _due.IsDue(page.Count > 0 ? now + ahead : now))
        {
            var entry = _due.Take();
            entry.TakenFrom = null;
            page.Add(entry);
        }

        if (isOfOthers && page.Count > 0)
        {
            _firstReads.OthersTaken();
        }

        return page;
    }

    public void GivenBack(PollEntry entry)
    {
        if (_aloneInFlight == entry)
        {
            _aloneInFlight = null;
        }
    }

    /// <inheritdoc cref="FirstReads.SecondRead"/>
    public void SecondRead(IEnumerable<PollEntry> page, TimeSpan now) =>
        _firstReads.SecondRead(page, now, _due.IsDue(now) || _refreshes.IsAny());

    public void Clear()
    {
        _due.Clear();
        _alone.Clear();
        _refreshes.Clear();
        _firstReads.Clear();
        _aloneInFlight = null;
    }
}
