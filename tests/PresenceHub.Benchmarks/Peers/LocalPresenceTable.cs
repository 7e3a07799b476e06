using System.Collections.Concurrent;
using PresenceHub.Contracts;

namespace PresenceHub.Benchmarks.Peers;

internal sealed class LocalPresenceTable : IPresenceTable
{
    private readonly ConcurrentDictionary<string, PresenceEntry> _entries = new();

    public Task SetAsync(IReadOnlyList<PresenceEntry> entries)
    {
        foreach (var entry in entries)
        {
            _entries[entry.Id] = entry;
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<PresenceEntry>> GetAsync(IReadOnlyList<string> ids)
    {
        var found = new List<PresenceEntry>(ids.Count);
        foreach (var id in ids)
        {
            if (_entries.TryGetValue(id, out var entry))
            {
                found.Add(entry);
            }
        }

        return Task.FromResult<IReadOnlyList<PresenceEntry>>(found);
    }
}
