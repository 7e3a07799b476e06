using PresenceHub.Contracts;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.People;

/// <summary>Asks the policy of watch lists about people.</summary>
internal sealed class PeoplePolicy(WatchPolicies policies)
{
    /// <summary>The ids of those people that the watcher may see.</summary>
    public async Task<IReadOnlySet<string>> FilterAsync(
        Watcher watcher,
        IEnumerable<Person> people,
        CancellationToken cancellationToken
    )
    {
        var subjects = new HashSet<SubjectId>();
        foreach (var person in people)
        {
            if (SubjectId.TryParse(person.Id, out var subject))
            {
                subjects.Add(subject);
            }
        }

        var visible = await policies.FilterAsync(watcher, subjects, cancellationToken);
        return visible.Select(subject => subject.ToString()).ToHashSet();
    }

    public async Task<bool> IsVisibleAsync(Watcher watcher, SubjectId subject, CancellationToken cancellationToken) =>
        (await policies.FilterAsync(watcher, new HashSet<SubjectId> { subject }, cancellationToken)).Contains(subject);
}
