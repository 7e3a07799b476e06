using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>Applies the hub's answer to one Watch call. Guarded by the lock of <see cref="WatchBook"/>.</summary>
internal sealed class BatchAnswer(SubjectTable table, WatchBatch batch)
{
    private readonly Dictionary<string, Subject> _open = batch
        .Subjects.Where(table.Holds)
        .ToDictionary(subject => subject.Id, StringComparer.OrdinalIgnoreCase);

    private readonly List<string> _revoked = [];

    /// <summary>Rejected ids whose entries were known: the policy has changed.</summary>
    public IReadOnlyList<string> Revoked => _revoked;

    public void Apply(WatchResult result)
    {
        foreach (var rejected in result.Rejected)
        {
            if (_open.Remove(rejected.Id, out var subject))
            {
                Reject(subject, rejected.Reason);
            }
        }

        foreach (var entry in result.Entries)
        {
            if (_open.Remove(entry.Id, out var subject))
            {
                Accept(subject, entry);
            }
        }

        foreach (var subject in _open.Values)
        {
            if (batch.Cursor is not null && !WasPushedSince(subject))
            {
                table.MarkLive(subject);
            }

            MarkAnswered(subject);
        }
    }

    private void Reject(Subject subject, string reason)
    {
        if (subject.Entry is not null)
        {
            _revoked.Add(subject.Id);
        }

        subject.Rejection = reason;
        table.Remove(subject);
    }

    private void Accept(Subject subject, PresenceEntry entry)
    {
        if (subject.Entry is not { } held || held.IsOlderThan(entry) || !WasPushedSince(subject))
        {
            table.Merge(subject, entry);
        }

        MarkAnswered(subject);
    }

    private void MarkAnswered(Subject subject)
    {
        subject.AnsweredOn = batch.Plan.Number;
        subject.HeardOn = batch.Plan.Number;
    }

    // The answer of a call may overtake a push that followed it, but every state after the hub's read is pushed too:
    // between equal revisions the push is right.
    private bool WasPushedSince(Subject subject) => subject.LastPush > batch.Pushes;
}
