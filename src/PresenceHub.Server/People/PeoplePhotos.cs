using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.People;

/// <summary>
/// Photos of people, kept in the memory of the node. A person who is hidden from the watcher is answered like one
/// without a photo, after the same work, as <see cref="PeopleCalls"/> does.
/// </summary>
internal sealed class PeoplePhotos(
    GraphPhotos graph,
    PeopleMetrics metrics,
    PeoplePolicy policy,
    IOptions<PeopleOptions> options,
    TimeProvider time
)
{
    /// <summary>What an entry takes beside the image.</summary>
    private const int EntryBytes = 512;

    private readonly TimeSpan _lifetime = options.Value.PhotoLifetime;
    private readonly ExpiringCache<(SubjectId Subject, int Side), KnownPhoto> _cache = new(
        options.Value.PhotoCacheBytes,
        time
    );

    /// <summary>Null when there is no photo, or the watcher may not see the person.</summary>
    /// <param name="usage">The usage of the watcher.</param>
    /// <param name="subject">The person.</param>
    /// <param name="side">Pixels of a side: 48 or 96.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="QuotaExceededException">The watcher has used its quota of requests to Graph.</exception>
    /// <exception cref="PeopleNotSupportedException">The hub may not read people.</exception>
    /// <exception cref="PeopleUnavailableException">Graph cannot answer now.</exception>
    public async Task<Photo?> GetAsync(
        WatcherUsage usage,
        SubjectId subject,
        int side,
        CancellationToken cancellationToken
    )
    {
        var known = _cache.Find((subject, side));
        var isVisible = await policy.IsVisibleAsync(usage.Watcher, subject, cancellationToken);
        var isMissing = known?.MissedAt is { } missedAt && time.GetElapsedTime(missedAt) < _lifetime;
        if ((known?.Photo is not null && isVisible) || isMissing)
        {
            metrics.Answered("photo", 1, 0);
            return isVisible ? known!.Photo : null;
        }

        using var charge = usage.ChargePeopleRequests(1);
        var photo = await graph.ReadAsync(subject, side, cancellationToken);
        charge.Answered();
        metrics.Answered("photo", 0, 1);
        isVisible = await policy.IsVisibleAsync(usage.Watcher, subject, cancellationToken);
        var isMissed = photo is null || !isVisible;
        _cache.Set(
            (subject, side),
            new KnownPhoto(photo, isMissed ? time.GetTimestamp() : known?.MissedAt),
            EntryBytes + (photo?.Content.Length ?? 0),
            _lifetime
        );
        return isMissed ? null : photo;
    }
}
