using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>
/// Subjects that Graph is not known to know: a client can make them up. They have lanes of their own, and while others
/// wait to be read no more than a quarter of the pages. That share is an order, not an admission: a page is read in any
/// case, of these subjects or of others. Guarded by <see cref="PollSchedule"/>.
/// </summary>
internal sealed class FirstReads(PageAdmission admission)
{
    /// <summary>A caller waits for two seconds; what could not be read by then need not wait. More than these are
    /// dropped.</summary>
    internal const int MaxOnce = 10 * PresenceReader.MaxPageSize;

    /// <summary>Pages of others for each page here.</summary>
    private const int PagesOfOthers = 3;

    /// <summary>However often pages are read twice, new subjects wait for no more pages than these.</summary>
    private const int MaxOwed = 4 * PagesOfOthers;

    private readonly PollLane _watched = new();
    private readonly PollLane _once = new();
    private int _owed;

    public bool HasRoomForOnce => _once.Count < MaxOnce;

    public void Add(PollEntry entry) => (entry.IsWatched ? _watched : _once).Add(entry);

    /// <summary>Takes a page, those that are watched first. Nothing while it is the turn of others.</summary>
    public void TakePage(List<PollEntry> page, int max, TimeSpan now, bool othersWait)
    {
        if (othersWait && _owed > 0)
        {
            return;
        }

        if (_watched.IsAny() && admission.TryFirstRead(now, isFull: _watched.Count >= max))
        {
            _watched.MoveTo(page, max);
        }

        if (page.Count < max && _once.IsAny() && admission.TryReadUnwatched(now))
        {
            _once.MoveTo(page, max);
        }

        if (page.Count > 0 && othersWait)
        {
            _owed = Math.Min(_owed + PagesOfOthers, MaxOwed);
        }
    }

    /// <summary>A page of others was taken.</summary>
    public void OthersTaken() => _owed = Math.Max(0, _owed - 1);

    /// <summary>
    /// Missing subjects of this page are requested a second time, which is a page too. It counts here only if the page
    /// has a first read.
    /// </summary>
    public void SecondRead(IEnumerable<PollEntry> page, TimeSpan now, bool othersWait)
    {
        var (firstReads, watched) = (0, 0);
        foreach (var entry in page)
        {
            firstReads += entry.Knowledge is Knowledge.Known ? 0 : 1;
            watched += entry.TakenFrom == _watched ? 1 : 0;
        }

        if (firstReads is 0)
        {
            return;
        }

        _owed = othersWait ? Math.Min(_owed + PagesOfOthers, MaxOwed) : _owed;
        admission.RecordSecondRead(now, isOfWatched: 2 * watched > PresenceReader.MaxPageSize);
    }

    public void Clear()
    {
        _watched.Clear();
        _once.Clear();
        _owed = 0;
    }
}
