using System.Globalization;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests.Fakes;

/// <summary>The hub's promises in memory: revisions of one clock, conflated pushes, cursors. The test decides when
/// it pushes and which connections it cuts.</summary>
internal sealed class ModelHub
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, PresenceEntry> _entries = [];
    private readonly List<ModelLink> _links = [];
    private long _clock;

    public ModelHub(int subjects)
    {
        foreach (var id in Enumerable.Range(0, subjects).Select(Wire.Id))
        {
            _entries[id] = Wire.Entry(id, ++_clock);
        }
    }

    /// <summary>A client has called, or was sent a message.</summary>
    public Inbox<bool> Activity { get; } = new("activity of hub or client");

    public IHubLink Open(IPresenceClient receiver)
    {
        var link = new ModelLink(this, receiver);
        lock (_gate)
        {
            _links.Add(link);
        }

        return link;
    }

    public PresenceEntry Read(string id)
    {
        lock (_gate)
        {
            return _entries[id];
        }
    }

    public void Change(string id) => Set(id, entry => entry with { Revision = ++_clock });

    public void SetFreshness(string id, string freshness) => Set(id, entry => entry with { Freshness = freshness });

    public void Cut()
    {
        lock (_gate)
        {
            _links.ForEach(link => link.Lose());
            _links.Clear();
        }
    }

    public async Task FlushAsync(bool bookmark)
    {
        foreach (var (link, entries, cursor) in TakeDirty())
        {
            await link.Receiver.PresenceChanged(entries);
            if (bookmark)
            {
                await link.Receiver.Bookmark(cursor);
            }
        }
    }

    public WatchResult Watch(ModelLink link, WatchRequest request)
    {
        lock (_gate)
        {
            link.Watched.UnionWith(request.Ids);
            var since = request.Cursor is null ? 0 : long.Parse(request.Cursor, CultureInfo.InvariantCulture);
            var entries = request
                .Ids.Select(id => _entries[id])
                .Where(entry => request.Cursor is null || entry.Revision > since || entry.Freshness != Freshness.Live);
            return new WatchResult([.. entries], [], Text(SentUpTo(link)));
        }
    }

    public void Unwatch(ModelLink link, string[] ids)
    {
        lock (_gate)
        {
            link.Watched.ExceptWith(ids);
            link.Dirty.ExceptWith(ids);
        }
    }

    private static string Text(long cursor) => cursor.ToString(CultureInfo.InvariantCulture);

    private long SentUpTo(ModelLink link) =>
        link.Dirty.Count == 0 ? _clock : link.Dirty.Min(id => _entries[id].Revision) - 1;

    private void Set(string id, Func<PresenceEntry, PresenceEntry> change)
    {
        lock (_gate)
        {
            _entries[id] = change(_entries[id]);
            _links.FindAll(link => link.Watched.Contains(id)).ForEach(link => link.Dirty.Add(id));
        }
    }

    private List<(ModelLink Link, PresenceEntry[] Entries, string Cursor)> TakeDirty()
    {
        lock (_gate)
        {
            var flushes = _links.ConvertAll(link =>
                (link, link.Dirty.Select(id => _entries[id]).ToArray(), Text(_clock))
            );
            _links.ForEach(link => link.Dirty.Clear());
            return flushes;
        }
    }
}
