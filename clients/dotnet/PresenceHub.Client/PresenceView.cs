using System.Diagnostics.CodeAnalysis;
using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>The read side of a <see cref="WatchBook"/>, under the same lock.</summary>
internal sealed class PresenceView(Lock gate, SubjectTable table)
{
    public IReadOnlyDictionary<string, PresenceEntry> Snapshot()
    {
        lock (gate)
        {
            return table.Snapshot();
        }
    }

    public PresenceEntry? Find(string id)
    {
        lock (gate)
        {
            return table.Find(id)?.Entry;
        }
    }

    public ChangeReader OpenReader(Signal signal)
    {
        lock (gate)
        {
            var reader = new ChangeReader(signal);
            table.AddReader(reader);
            return reader;
        }
    }

    public void CloseReader(ChangeReader reader)
    {
        lock (gate)
        {
            table.RemoveReader(reader);
        }
    }

    public bool TryTake(ChangeReader reader, [NotNullWhen(true)] out PresenceEntry? entry)
    {
        lock (gate)
        {
            entry = reader.TryTake(out var id) ? table.Find(id)?.Entry : null;
            return entry is not null;
        }
    }
}
