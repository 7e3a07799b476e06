using System.Diagnostics.CodeAnalysis;

namespace PresenceHub.Client;

/// <summary>
/// Which readers take the changes of which subjects. A change costs nothing for readers of other subjects. Guarded by
/// the lock of its <see cref="PresenceView"/>.
/// </summary>
internal sealed class ChangeReaders
{
    private readonly Dictionary<ChangeReader, ChangeQueue> _queues = [];
    private readonly HashSet<ChangeQueue> _ofAll = [];
    private readonly Dictionary<string, HashSet<ChangeQueue>> _bySubject = new(StringComparer.OrdinalIgnoreCase);
    private bool _isClosed;

    /// <summary>Adds a reader. After <see cref="Close"/> it has ended already.</summary>
    /// <returns>The queue of the reader, which is empty.</returns>
    public ChangeQueue Add(ChangeReader reader, Signal signal)
    {
        var queue = new ChangeQueue(signal);
        if (_isClosed)
        {
            queue.Close();
            return queue;
        }

        _queues.Add(reader, queue);
        if (reader.Ids is not { } ids)
        {
            _ofAll.Add(queue);
            return queue;
        }

        foreach (var id in ids)
        {
            if (!_bySubject.TryGetValue(id, out var queues))
            {
                _bySubject.Add(id, queues = []);
            }

            queues.Add(queue);
        }

        return queue;
    }

    public void Remove(ChangeReader reader)
    {
        if (!_queues.Remove(reader, out var queue))
        {
            return;
        }

        _ofAll.Remove(queue);
        foreach (var id in reader.Ids ?? [])
        {
            if (_bySubject.TryGetValue(id, out var queues) && queues.Remove(queue) && queues.Count == 0)
            {
                _bySubject.Remove(id);
            }
        }
    }

    /// <summary>Adds a change for its readers.</summary>
    public void Add(string id)
    {
        foreach (var queue in Of(id))
        {
            queue.Add(id);
        }
    }

    /// <summary>The subject is watched no more: drops its change, and its readers read nothing more of it.</summary>
    public void Forget(string id)
    {
        foreach (var queue in Of(id))
        {
            queue.Remove(id);
        }

        _bySubject.Remove(id);
    }

    public bool TryTake(ChangeReader reader, [NotNullWhen(true)] out string? id)
    {
        id = null;
        return _queues.TryGetValue(reader, out var queue) && queue.TryTake(out id);
    }

    /// <summary>Ends the readers, once they have taken the changes that wait.</summary>
    public void Close()
    {
        _isClosed = true;
        foreach (var queue in _queues.Values)
        {
            queue.Close();
        }
    }

    private IEnumerable<ChangeQueue> Of(string id) =>
        _bySubject.TryGetValue(id, out var queues) ? _ofAll.Concat(queues) : _ofAll;
}
