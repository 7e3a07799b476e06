using System.Diagnostics.CodeAnalysis;

namespace PresenceHub.Client;

/// <summary>
/// The subjects whose change one reader has not taken yet, the longest waiting first. It holds ids and no entries, so a
/// slow reader costs no more than the watch list and always gets the latest entry.
/// </summary>
/// <param name="signal">Set when a subject is added.</param>
internal sealed class ChangeQueue(Signal signal)
{
    private readonly LinkedList<string> _order = new();
    private readonly Dictionary<string, LinkedListNode<string>> _waiting = new(StringComparer.OrdinalIgnoreCase);

    public void Add(string id)
    {
        if (!_waiting.ContainsKey(id))
        {
            _waiting.Add(id, _order.AddLast(id));
            signal.Set();
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

    /// <summary>Ends the reader's wait for good.</summary>
    public void Close() => signal.Close();
}
