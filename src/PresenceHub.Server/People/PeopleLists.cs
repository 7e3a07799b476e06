using Microsoft.Extensions.Options;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.People;

/// <summary>
/// Lists a department or the whole company, page by page. Graph is asked for the same page whatever the watcher may
/// see, and hidden people are left out of it afterwards: such a page is shorter, and takes as long.
/// </summary>
internal sealed class PeopleLists(
    GraphPeople graph,
    PeopleMetrics metrics,
    PeoplePolicy policy,
    IOptions<PeopleOptions> options,
    TimeProvider time
)
{
    /// <summary>What a page takes beside its people, in people: its department and its tokens.</summary>
    private const int PageSize = 20;

    /// <summary>People that are kept, over all pages: some 20 MB.</summary>
    private const int MaxPeople = 50_000;

    private readonly ExpiringCache<PeopleList, PeoplePage> _cache = new(MaxPeople, time);

    /// <summary>A page; null when Graph does not know, or no longer, the page that it shall follow.</summary>
    /// <param name="usage">The usage of the watcher.</param>
    /// <param name="list">The page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="QuotaExceededException">The watcher has used its quota of requests to Graph.</exception>
    /// <exception cref="PeopleNotSupportedException">The hub may not read people, or no department.</exception>
    /// <exception cref="PeopleUnavailableException">Graph cannot answer now.</exception>
    public async Task<PeopleResult?> ReadAsync(WatcherUsage usage, PeopleList list, CancellationToken cancellationToken)
    {
        var page = _cache.Find(list);
        if (page is not null)
        {
            metrics.Answered("list", 1, 0);
        }
        else
        {
            using var charge = usage.ChargePeopleRequests(1);
            page = await graph.ListAsync(list, cancellationToken);
            charge.Answered();
            metrics.Answered("list", 0, 1);
            if (page is null)
            {
                return null;
            }

            _cache.Set(list, page, page.People.Count + PageSize, options.Value.SearchLifetime);
        }

        var visible = await policy.FilterAsync(usage.Watcher, page.People, cancellationToken);
        return new PeopleResult(
            [
                .. page
                    .People.Where(person => visible.Contains(person.Id))
                    .Select(person => FoundPerson.Of(person.Id, person)),
            ],
            [],
            page.Next?.ToString()
        );
    }
}
