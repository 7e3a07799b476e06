using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Coverage;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>The subjects that are read, with what Graph knows of them. Guarded by <see cref="PollSchedule"/>.</summary>
internal sealed class PollEntries
{
    private readonly Dictionary<SubjectId, PollEntry> _entries = [];

    public IReadOnlyCollection<PollEntry> All => _entries.Values;

    public int UnknownCount { get; private set; }

    public PollEntry? Find(SubjectId subject) => _entries.GetValueOrDefault(subject);

    public PollEntry Add(SubjectId subject)
    {
        var entry = new PollEntry(subject);
        _entries.Add(subject, entry);
        return entry;
    }

    public void Remove(PollEntry entry)
    {
        UnknownCount -= entry.Knowledge is Knowledge.Unknown ? 1 : 0;
        entry.IsRemoved = true;
        _entries.Remove(entry.Subject);
    }

    public void SetKnowledge(PollEntry entry, Knowledge knowledge)
    {
        UnknownCount += (knowledge is Knowledge.Unknown ? 1 : 0) - (entry.Knowledge is Knowledge.Unknown ? 1 : 0);
        entry.UnknownReads = knowledge is Knowledge.Unknown ? entry.UnknownReads + 1 : 0;
        entry.Knowledge = knowledge;
    }

    public void Clear()
    {
        foreach (var entry in _entries.Values)
        {
            entry.IsRemoved = true;
        }

        _entries.Clear();
        _entries.TrimExcess();
        UnknownCount = 0;
    }
}
