using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>The result of checking the ids of a call.</summary>
/// <param name="Ids">As sent.</param>
/// <param name="Accepted">Distinct, in the order of the call.</param>
/// <param name="Added">The accepted subjects that the connection did not watch before.</param>
/// <param name="Rejected">As sent, each with its reason.</param>
/// <param name="PolicyVersion">The <see cref="WatchPolicies.Version"/> when the policy was asked.</param>
internal sealed record Admission(
    IReadOnlyList<string?> Ids,
    IReadOnlyList<SubjectId> Accepted,
    IReadOnlyList<SubjectId> Added,
    IReadOnlyList<RejectedSubject> Rejected,
    long PolicyVersion
)
{
    /// <summary>A copy in which some of the accepted subjects are rejected.</summary>
    public Admission Reject(IReadOnlyCollection<SubjectId> subjects, string reason) =>
        subjects.Count is 0
            ? this
            : this with
            {
                Accepted = [.. Accepted.Where(subject => !subjects.Contains(subject))],
                Rejected = [.. Rejected, .. SentFormsOf(subjects).Select(id => new RejectedSubject(id, reason))],
            };

    private IEnumerable<string> SentFormsOf(IReadOnlyCollection<SubjectId> subjects)
    {
        var left = subjects.ToHashSet();
        return Ids.OfType<string>().Where(id => SubjectId.TryParse(id, out var subject) && left.Remove(subject));
    }
}
