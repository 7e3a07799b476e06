using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>Carries the watch list to the hub over one link, one call at a time: first what is known, then what is
/// new.</summary>
internal sealed class LinkSync(
    IHubLink link,
    WatchBook book,
    PresenceEvents events,
    Func<Backoff> newBackoff,
    TimeProvider time,
    Action<TimeSpan> onUnavailable,
    Advice advice
)
{
    /// <summary>Ends only with an exception: when the link is of no more use, or cancelled.</summary>
    public async Task RunAsync(Action onResumed, CancellationToken cancellationToken)
    {
        while (book.TakeResume() is { } batch)
        {
            await WatchAsync(batch, cancellationToken).ConfigureAwait(false);
        }

        book.CompleteResume();
        onResumed();
        do
        {
            await CarryAsync(cancellationToken).ConfigureAwait(false);
        } while (await book.Work.WaitAsync(cancellationToken).ConfigureAwait(false));
    }

    private async Task CarryAsync(CancellationToken cancellationToken)
    {
        // Unwatching first makes room in the connection's limit.
        while (book.TakeUnwatch() is { } batch)
        {
            await UnwatchAsync(batch, cancellationToken).ConfigureAwait(false);
        }

        while (book.TakeFresh() is { } batch)
        {
            await WatchAsync(batch, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WatchAsync(WatchBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            var result = await RepeatAsync(
                    () =>
                    {
                        batch = book.Begin(batch);
                        return link.WatchAsync(batch.ToRequest(), cancellationToken);
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            events.AddRevoked(book.Answer(batch, result));
            advice.OnRejected(result.Rejected);
        }
        catch (PresenceHubException exception) when (book.Limit.TryLower(exception, batch.Subjects.Count))
        {
            foreach (var part in batch.Split(book.Limit.Value))
            {
                await WatchAsync(part, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (PresenceHubException exception)
        {
            book.Fail(batch, exception);
            advice.OnRefusedCall(exception);
        }
    }

    private async Task UnwatchAsync(UnwatchBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            await book
                .Limit.CarryAsync([.. batch.Ids], ids => RepeatAsync(
                        async () =>
                        {
                            await link.UnwatchAsync(ids, cancellationToken).ConfigureAwait(false);
                            return true;
                        },
                        cancellationToken
                    ))
                .ConfigureAwait(false);
            batch.Complete();
        }
        catch (PresenceHubException exception)
        {
            batch.Fail(exception);
        }
    }

    private async Task<T> RepeatAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        var backoff = newBackoff();
        while (true)
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (PresenceHubException exception) when (exception.Code == ErrorCode.Unavailable)
            {
                var delay = backoff.Next(exception.RetryAfter);
                onUnavailable(delay);
                await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
