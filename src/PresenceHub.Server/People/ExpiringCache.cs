namespace PresenceHub.Server.People;

/// <summary>Values with a lifetime and a size. A full cache drops what was used least recently.</summary>
/// <param name="capacity">The largest size of all values together.</param>
/// <param name="time">The clock of lifetimes.</param>
internal sealed class ExpiringCache<TKey, TValue>(long capacity, TimeProvider time)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, LinkedListNode<Cached>> _cached = [];

    /// <summary>The one used least recently is first.</summary>
    private readonly LinkedList<Cached> _byUse = [];
    private long _size;

    /// <summary>The size of all values together.</summary>
    public long Size
    {
        get
        {
            lock (_gate)
            {
                return _size;
            }
        }
    }

    /// <summary>Null when there is no value, or none that is still valid.</summary>
    public TValue? Find(TKey key)
    {
        lock (_gate)
        {
            if (!_cached.TryGetValue(key, out var node))
            {
                return null;
            }

            Remove(node);
            if (time.GetElapsedTime(node.Value.At) >= node.Value.Lifetime)
            {
                return null;
            }

            Add(node);
            return node.Value.Value;
        }
    }

    /// <summary>Replaces the value of the key. A value larger than the cache is not kept.</summary>
    public void Set(TKey key, TValue value, long size, TimeSpan lifetime)
    {
        lock (_gate)
        {
            if (_cached.TryGetValue(key, out var before))
            {
                Remove(before);
            }

            if (size > capacity)
            {
                return;
            }

            while (_size + size > capacity)
            {
                Remove(_byUse.First!);
            }

            Add(new LinkedListNode<Cached>(new Cached(key, value, size, time.GetTimestamp(), lifetime)));
        }
    }

    private void Add(LinkedListNode<Cached> node)
    {
        _byUse.AddLast(node);
        _cached[node.Value.Key] = node;
        _size += node.Value.Size;
    }

    private void Remove(LinkedListNode<Cached> node)
    {
        _byUse.Remove(node);
        _cached.Remove(node.Value.Key);
        _size -= node.Value.Size;
    }

    private sealed record Cached(TKey Key, TValue Value, long Size, long At, TimeSpan Lifetime);
}
