using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>What one call still waits for, and what has become of its subjects so far.</summary>
internal sealed class PendingWatch(WatchCall call, IEnumerable<Subject> unanswered)
{
    private readonly HashSet<Subject> _unanswered = [.. unanswered];
    private readonly Dictionary<Subject, string> _rejections = [];

    public WatchCall Call { get; } = call;

    /// <summary>Whether every subject was answered or has left the list.</summary>
    public bool IsSettled => _unanswered.Count == 0;

    /// <summary>Why the hub failed a call that was to watch one of the subjects.</summary>
    public PresenceHubException? Failure { get; private set; }

    public void Answer(Subject subject) => _unanswered.Remove(subject);

    public void Reject(Subject subject, string reason)
    {
        _unanswered.Remove(subject);
        _rejections.TryAdd(subject, reason);
    }

    public void Fail(Subject subject, PresenceHubException failure)
    {
        _unanswered.Remove(subject);
        Failure ??= failure;
    }

    /// <summary>The answer to the call as far as it is known.</summary>
    public WatchAdmission ToAdmission(WatchList list, PresenceView view)
    {
        var entries = new List<PresenceEntry>(Call.Items.Count);
        var rejected = new List<RejectedSubject>();
        foreach (var (idAsGiven, subject) in Call.Items)
        {
            if ((subject is null ? RejectionReason.InvalidId : _rejections.GetValueOrDefault(subject)) is { } reason)
            {
                rejected.Add(new RejectedSubject(idAsGiven, reason));
            }
            else if (list.Contains(subject!) && view.Find(subject!.Id) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return new WatchAdmission(entries, rejected);
    }
}
