using PresenceHub.Server.Ingest.Coverage;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>
/// Subjects that Graph is not known to know: a client can make them up. They have lanes of their own, and while others
/// wait to be read no more than a quarter of the pages. Guarded by <see cref="PollSchedule"/>.
/// </summary>
internal sealed class FirstReads
{
    /// <summary>A caller waits for two seconds; what could not be read by then need not wait. More than these are
    /// dropped.</summary>
    internal const int MaxOnce = 10 * PresenceReader.MaxPageSize;

    /// <summary>Pages of others for each page here.</summary>
    private const int PagesOfOthers = 3;

    /// <summary>However often pages are read twice, new subjects wait for no more pages than these.</summary>
    private const int MaxOwed = 4 * PagesOfOthers;

    /// <summary>After an answer without some of the ids more of those may be made up, so no page of them is read
    /// faster.</summary>
    private static readonly TimeSpan PacedAfterMissing = TimeSpan.FromSeconds(10);

    private readonly PollLane _watched = new();
    private readonly PollLane _once = new();
    private readonly RefreshPace _watchedPace = new();
    private readonly RefreshPace _oncePace = new();
    private TimeSpan _pacedUntil = TimeSpan.MinValue;
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

        // A new leader reads many people at once; the pace is for ids that a client makes up.
        var isFull = _watched.Count >= max && now >= _pacedUntil;
        if (_watched.IsAny() && (_watchedPace.IsOpen(now) || isFull))
        {
            _watchedPace.Taken(now);
            _watched.MoveTo(page, max);
        }

        // Reads of unwatched ids are paced even while nothing else is to be read, and however many there are.
        if (page.Count < max && _once.IsAny() && _oncePace.IsOpen(now))
        {
            _oncePace.Taken(now);
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
    /// has a first read, and paces the watched lane only if most of the page came from there.
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
        _pacedUntil = now + PacedAfterMissing;
        if (2 * watched > PresenceReader.MaxPageSize)
        {
            _watchedPace.TakenTwice(now);
        }
    }

    public void Clear()
    {
        _watched.Clear();
        _once.Clear();
        (_owed, _pacedUntil) = (0, TimeSpan.MinValue);
    }
}
