using System.Globalization;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.WatchLists;

/// <summary>Collects the subjects that the policy revokes from watch lists of this node, until they are written to the
/// audit.</summary>
internal sealed class Revocations(Audit audit)
{
    /// <summary>The largest number of lines: one per subject or per watcher, whichever are fewer. The rest is
    /// counted.</summary>
    internal const int MaxLines = 1000;

    /// <summary>The largest number of revocations that are kept until they are written.</summary>
    internal const int MaxPairs = 100_000;

    private readonly Lock _gate = new();
    private HashSet<(string Watcher, SubjectId Subject)> _pairs = [];
    private long _beyond;

    public void Add(Watcher watcher, IReadOnlyList<SubjectId> subjects)
    {
        lock (_gate)
        {
            foreach (var subject in subjects)
            {
                if (_pairs.Count < MaxPairs)
                {
                    _pairs.Add((watcher.Id, subject));
                }
                else
                {
                    _beyond++;
                }
            }
        }
    }

    /// <summary>Writes the revocations since the last call.</summary>
    public void Write()
    {
        HashSet<(string Watcher, SubjectId Subject)> pairs;
        long beyond;
        lock (_gate)
        {
            (pairs, beyond) = (_pairs, _beyond);
            (_pairs, _beyond) = ([], 0);
        }

        var bySubject = pairs.CountBy(pair => pair.Subject).ToArray();
        var byWatcher = pairs.CountBy(pair => pair.Watcher).ToArray();
        var lines =
            bySubject.Length <= byWatcher.Length
                ? bySubject.Select(entry =>
                    (audit.Name("subject", entry.Key.ToString()), Outcome(entry.Value, "watchers"), entry.Value)
                )
                : byWatcher.Select(entry =>
                    (audit.Name("watcher", entry.Key), Outcome(entry.Value, "subjects"), entry.Value)
                );
        foreach (var (target, outcome, _) in lines.Take(MaxLines))
        {
            audit.Write("watch.revoke", "policy", target, outcome);
        }

        beyond += lines.Skip(MaxLines).Sum(line => (long)line.Value);
        if (beyond > 0)
        {
            audit.Write("watch.revoke", "policy", "others", Outcome(beyond, "watches"));
        }
    }

    private static string Outcome(long count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"done, {count} {what} of this node");
}
