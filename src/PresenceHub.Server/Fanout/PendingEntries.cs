using System.Runtime.InteropServices;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Fanout;

/// <summary>
/// The pending entries of one connection: the newest entry of each subject, in the order in which the subjects changed
/// first. A mutable struct inside an outbox, which locks it.
/// </summary>
/// <remarks>
/// Adding needs no hash: within a batch subjects differ, and few entries are searched one by one. Beyond that, entries
/// are appended. Repeated subjects are merged before entries are taken, or when there are twice as many entries as
/// there were distinct subjects the last time.
/// </remarks>
internal struct PendingEntries
{
    private const int SearchedEntries = 16;
    private const int MinimumMergedEntries = 64;

    /// <summary>The largest array that is kept for the next entries.</summary>
    private const int KeptEntries = 64;

    [ThreadStatic]
    private static Dictionary<SubjectId, int>? _scratch;

    private EntryFragment[]? _entries;
    private int _count;
    private int _batch;
    private int _mergeAt;
    private bool _mayRepeat;

    /// <summary>The number of subjects with a pending entry.</summary>
    public int Count
    {
        get
        {
            Merge();
            return _count;
        }
    }

    /// <summary>The number of entries that fit into the current array.</summary>
    internal readonly int Capacity => _entries?.Length ?? 0;

    public void Add(EntryFragment fragment, int batch)
    {
        if (_count > 0 && batch != _batch)
        {
            if (_count <= SearchedEntries)
            {
                if (TryReplace(fragment))
                {
                    return;
                }
            }
            else
            {
                _mayRepeat = true;
            }
        }

        // Only the subjects of the first batch are known to differ from all others.
        _batch =
            _count is 0 ? batch
            : _batch == batch ? batch
            : -1;
        if (_mayRepeat && _count >= Math.Max(_mergeAt, MinimumMergedEntries))
        {
            Merge();
            _mayRepeat = true;
            _mergeAt = 2 * _count;
        }

        if (_entries is null || _count == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Max(4, 2 * _count));
        }

        _entries[_count++] = fragment;
    }

    /// <summary>The first entries, as many as fit into a frame and at least one. Valid until the next change.</summary>
    public ReadOnlySpan<EntryFragment> Peek(FrameWriter writer, int maxFrameBytes)
    {
        Merge();
        var bytes = 0;
        var count = 0;
        while (count < _count)
        {
            bytes += _entries![count].Bytes(writer).Length;
            if (count > 0 && bytes > maxFrameBytes)
            {
                break;
            }

            count++;
        }

        return _entries.AsSpan(0, count);
    }

    public void RemoveFirst(int count)
    {
        Array.Copy(_entries!, count, _entries!, 0, _count - count);
        Shrink(_count - count);
    }

    public void Remove(IReadOnlyList<SubjectId> subjects)
    {
        if (_count is 0)
        {
            return;
        }

        var removed = subjects.ToHashSet();
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (!removed.Contains(_entries![i].Entry.Subject))
            {
                _entries[kept++] = _entries[i];
            }
        }

        Shrink(kept);
    }

    private readonly bool TryReplace(EntryFragment fragment)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_entries![i].Entry.Subject == fragment.Entry.Subject)
            {
                Replace(ref _entries[i], fragment);
                return true;
            }
        }

        return false;
    }

    private void Merge()
    {
        if (!_mayRepeat)
        {
            return;
        }

        var places = _scratch ??= [];
        places.Clear();
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            var fragment = _entries![i];
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(
                places,
                fragment.Entry.Subject,
                out var isRepeated
            );
            if (isRepeated)
            {
                Replace(ref _entries[place], fragment);
            }
            else
            {
                place = kept;
                _entries[kept++] = fragment;
            }
        }

        Shrink(kept);
        (_mayRepeat, _mergeAt) = (false, 0);
        _batch = -1;
    }

    private static void Replace(ref EntryFragment held, EntryFragment fragment)
    {
        // Entries arrive in order. Of two with the same revision the later one counts, whatever its times are: the
        // store's clock may have stepped back.
        if (!fragment.Entry.IsOfAnOlderRevisionThan(held.Entry))
        {
            held = fragment;
        }
    }

    private void Shrink(int count)
    {
        Array.Clear(_entries!, count, _count - count);
        _count = count;
        if (count is 0)
        {
            (_mayRepeat, _mergeAt) = (false, 0);
            if (_entries!.Length > KeptEntries)
            {
                _entries = null;
            }
        }
    }
}
