using System.Diagnostics.CodeAnalysis;

namespace PresenceHub.Client;

/// <summary>
/// Which subjects one reader has yet to see, the longest waiting first. It holds ids and no entries, so that a slow
/// reader costs no more than the watch list and always reads the latest. Guarded by the lock of
/// <see cref="WatchBook"/>.
/// </summary>
internal sealed class ChangeReader(Signal signal)
{
    private readonly LinkedList<string> _order = new();
    private readonly Dictionary<string, LinkedListNode<string>> _waiting = [];

    public Signal Signal { get; } = signal;

    public void Add(string id)
    {
        if (!_waiting.ContainsKey(id))
        {
            _waiting.Add(id, _order.AddLast(id));
            Signal.Set();
        }
    }

    public void Remove(string id)
    {
        if (_waiting.Remove(id, out var node))
        {
            _order.Remove(node);
        }
    }

    public bool TryTake([NotNullWhen(true)] out string? id)
    {
        id = _order.First?.Value;
        if (id is null)
        {
            return false;
        }

        Remove(id);
        return true;
    }
}
