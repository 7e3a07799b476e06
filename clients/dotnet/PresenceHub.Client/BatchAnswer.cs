using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>The hub's answer to one Watch call, by the subjects of the call that are still watched.</summary>
internal sealed class BatchAnswer
{
    private readonly Dictionary<Subject, string> _rejected = [];
    private readonly List<(Subject Subject, PresenceEntry Entry)> _entries = [];

    public BatchAnswer(WatchBatch batch, WatchList list, WatchResult result)
    {
        Batch = batch;
        Cursor = result.Cursor;
        var open = batch
            .Subjects.Where(list.Contains)
            .ToDictionary(subject => subject.Id, StringComparer.OrdinalIgnoreCase);
        foreach (var rejected in result.Rejected)
        {
            if (open.Remove(rejected.Id, out var subject))
            {
                _rejected.Add(subject, rejected.Reason);
            }
        }

        foreach (var entry in result.Entries)
        {
            if (open.Remove(entry.Id, out var subject))
            {
                _entries.Add((subject, entry));
            }
        }

        LeftOut = [.. open.Values];
    }

    public WatchBatch Batch { get; }

    public string Cursor { get; }

    /// <summary>The reason of each rejected subject.</summary>
    public IReadOnlyDictionary<Subject, string> Rejected => _rejected;

    public IReadOnlyList<(Subject Subject, PresenceEntry Entry)> Entries => _entries;

    /// <summary>Subjects that are watched and of which the answer says nothing: with a cursor, they are unchanged and
    /// live.</summary>
    public IReadOnlyList<Subject> LeftOut { get; }

    public IEnumerable<Subject> Accepted => _entries.Select(item => item.Subject).Concat(LeftOut);
}
