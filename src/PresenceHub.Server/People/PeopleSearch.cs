using Microsoft.Extensions.Options;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.People;

/// <summary>
/// Finds people by their name. Graph is asked the same whatever the watcher may see and however many people are wanted,
/// so an answer without hidden people takes as long as one with them.
/// </summary>
internal sealed class PeopleSearch(
    GraphPeople graph,
    PeopleMetrics metrics,
    PeoplePolicy policy,
    IOptions<PeopleOptions> options,
    TimeProvider time
)
{
    /// <summary>Searches that are kept, each with up to <see cref="GraphPeople.MaxFound"/> people: some 20
    /// MB.</summary>
    private const int MaxSearches = 1_000;

    private readonly ExpiringCache<string, IReadOnlyList<Person>> _cache = new(MaxSearches, time);

    /// <param name="usage">The usage of the watcher.</param>
    /// <param name="text">Names, or their beginnings.</param>
    /// <param name="top">The most people of the answer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="QuotaExceededException">The watcher has used its quota of requests to Graph.</exception>
    /// <exception cref="PeopleNotSupportedException">The hub may not read people.</exception>
    /// <exception cref="PeopleUnavailableException">Graph cannot answer now.</exception>
    public async Task<PeopleResult> FindAsync(
        WatcherUsage usage,
        string text,
        int top,
        CancellationToken cancellationToken
    )
    {
        var key = text.ToLowerInvariant();
        var people = _cache.Find(key);
        if (people is not null)
        {
            metrics.Answered("search", 1, 0);
        }
        else
        {
            using var charge = usage.ChargePeopleRequests(1);
            people = await graph.SearchAsync(key, cancellationToken);
            charge.Answered();
            metrics.Answered("search", 0, 1);
            _cache.Set(key, people, 1, options.Value.SearchLifetime);
        }

        var visible = await policy.FilterAsync(usage.Watcher, people, cancellationToken);
        return new PeopleResult(
            [
                .. people
                    .Where(person => visible.Contains(person.Id))
                    .Take(top)
                    .Select(person => FoundPerson.Of(person.Id, person)),
            ],
            []
        );
    }
}
