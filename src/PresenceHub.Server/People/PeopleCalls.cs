using Microsoft.Extensions.Options;
using PresenceHub.Server.WatchLists;
using StackExchange.Redis;

namespace PresenceHub.Server.People;

/// <summary>
/// Looks people up by id or address. A person who is hidden from the watcher and one who does not exist get the same
/// answer after the same work: people are looked up first and then filtered, and whether Graph is asked does not depend
/// on what the cache holds of a hidden person.
/// </summary>
internal sealed class PeopleCalls(
    GraphPeople graph,
    PeopleCache cache,
    PeopleMetrics metrics,
    PeoplePolicy policy,
    IOptions<PeopleOptions> options,
    TimeProvider time
)
{
    private readonly PeopleOptions _options = options.Value;

    /// <exception cref="QuotaExceededException">The watcher has used its quota of requests to Graph.</exception>
    /// <exception cref="PeopleNotSupportedException">The hub may not read people.</exception>
    /// <exception cref="PeopleUnavailableException">Graph or the store cannot answer now.</exception>
    public async Task<PeopleResult> LookUpAsync(
        WatcherUsage usage,
        KeyKind kind,
        IReadOnlyList<string> texts,
        CancellationToken cancellationToken
    )
    {
        var sent = new Dictionary<PersonKey, string>();
        var rejected = new List<RejectedKey>();
        foreach (var text in texts.Distinct(StringComparer.Ordinal))
        {
            if (PersonKey.TryParse(kind, text, out var key))
            {
                sent.TryAdd(key, text);
            }
            else
            {
                rejected.Add(
                    new RejectedKey(text, kind is KeyKind.Id ? RejectedKey.InvalidId : RejectedKey.InvalidEmail)
                );
            }
        }

        try
        {
            var (found, failure) = await FindAsync(usage, kind, [.. sent.Keys], cancellationToken);
            var visible = await policy.FilterAsync(usage.Watcher, found.Values.OfType<Person>(), cancellationToken);
            var people = new List<FoundPerson>();
            foreach (var (key, text) in sent)
            {
                if (!found.TryGetValue(key, out var person))
                {
                    continue;
                }

                if (person is not null && visible.Contains(person.Id))
                {
                    people.Add(FoundPerson.Of(text, person));
                }
                else
                {
                    rejected.Add(new RejectedKey(text, RejectedKey.NotVisible));
                }
            }

            var result = new PeopleResult(people, rejected);
            return failure is null ? result : throw new PeopleUnavailableException(failure.RetryAfter, result);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw new PeopleUnavailableException();
        }
    }

    /// <summary>The person of each key, or null if the watcher gets none. Keys are missing when Graph has
    /// failed.</summary>
    private async Task<(Dictionary<PersonKey, Person?> Found, PeopleUnavailableException? Failure)> FindAsync(
        WatcherUsage usage,
        KeyKind kind,
        IReadOnlyList<PersonKey> keys,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var known = keys.Zip(await cache.ReadAsync(keys)).ToDictionary(pair => pair.First, pair => pair.Second);
        var fresh = known.Values.Where(entry => entry?.Person is not null && now - entry.ReadAt < _options.Lifetime);
        var visible = await policy.FilterAsync(usage.Watcher, fresh.Select(entry => entry!.Person!), cancellationToken);
        var found = new Dictionary<PersonKey, Person?>();
        var asked = new List<PersonKey>();
        foreach (var (key, entry) in known)
        {
            if (entry?.Person is { } person && visible.Contains(person.Id))
            {
                found[key] = person;
            }
            else if (now - entry?.MissedAt < _options.MissingLifetime)
            {
                found[key] = null;
            }
            else
            {
                asked.Add(key);
            }
        }

        var cached = found.Count;
        var failure = await AskAsync(usage, kind, asked, known, found, cancellationToken);
        metrics.Answered(kind is KeyKind.Id ? "id" : "email", cached, found.Count - cached);
        return (found, failure);
    }

    private async Task<PeopleUnavailableException?> AskAsync(
        WatcherUsage usage,
        KeyKind kind,
        IReadOnlyList<PersonKey> asked,
        Dictionary<PersonKey, KnownPerson?> known,
        Dictionary<PersonKey, Person?> found,
        CancellationToken cancellationToken
    )
    {
        PersonKey[][] pages = [.. asked.Chunk(GraphPeople.MaxKeys(kind))];
        using var charge = usage.ChargePeopleRequests(pages.Length);
        foreach (var page in pages)
        {
            IReadOnlyList<Person> people;
            try
            {
                people = await graph.FindAsync(kind, page, cancellationToken);
            }
            catch (PeopleUnavailableException failure)
            {
                return failure;
            }

            charge.Answered();

            var now = time.GetUtcNow();
            var visible = await policy.FilterAsync(usage.Watcher, people, cancellationToken);
            var news = new Dictionary<PersonKey, KnownPerson>();
            foreach (var key in page)
            {
                var person = people.FirstOrDefault(key.IsOf);
                var isMissed = person is null || !visible.Contains(person.Id);
                found[key] = isMissed ? null : person;
                news[key] = new KnownPerson(person, now, isMissed ? now : known[key]?.MissedAt);
            }

            try
            {
                await cache.WriteAsync(news);
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                // The watcher gets the answer, which is not kept. Redis may be full.
            }
        }

        return null;
    }
}
