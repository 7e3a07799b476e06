using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>
/// Where subjects wait to be read, and which of them are read next. How soon is decided by <see cref="PageAdmission"/>.
/// Guarded by <see cref="PollSchedule"/>.
/// </summary>
internal sealed class PollQueues(PageAdmission admission)
{
    private readonly DueQueue _due = new();
    private readonly DueQueue _alone = new();
    private readonly PollLane _refreshes = new();
    private readonly FirstReads _firstReads = new(admission);
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

    /// <summary>Takes a page, refreshes first. It takes along what is due within <paramref name="readAhead"/>. Each
    /// entry is in flight until it is given back.</summary>
    public List<PollEntry> Take(int max, TimeSpan now, TimeSpan readAhead)
    {
        var page = TakePage(max, now, readAhead);
        page.ForEach(entry => entry.IsInFlight = true);
        return page;
    }

    /// <summary>Schedules an entry that was in flight, if it is to be read again, and refreshes it if that was
    /// requested meanwhile.</summary>
    public void GiveBack(PollEntry entry, TimeSpan? due)
    {
        var isRefreshPending = entry.IsRefreshPending;
        (entry.IsInFlight, entry.IsRefreshPending) = (false, false);
        if (_aloneInFlight == entry)
        {
            _aloneInFlight = null;
        }

        if (due is { } time && (!isRefreshPending || entry.IsQuarantined))
        {
            Schedule(entry, time);
        }

        if (isRefreshPending)
        {
            Refresh(entry);
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
        admission.Clear();
        _aloneInFlight = null;
    }

    private List<PollEntry> TakePage(int max, TimeSpan now, TimeSpan readAhead)
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
        var refreshesWait = _refreshes.IsAny() && admission.MayRefresh(now, isFull: _refreshes.Count >= max);
        _firstReads.TakePage(page, max, now, isDue || refreshesWait);
        var isOfOthers = page.Count is 0;
        if (refreshesWait && page.Count < max && !(_isTurnOfDue && isDue))
        {
            admission.RecordRefreshes(now);
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
}
