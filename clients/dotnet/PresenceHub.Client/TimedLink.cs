using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>Ends every step of a link that takes too long: a hub may hold a connection open, pings included, and answer
/// nothing.</summary>
internal sealed class TimedLink(IHubLink link, TimeSpan limit, TimeProvider time) : IHubLink
{
    public Task<Exception?> Closed => link.Closed;

    public Task StartAsync(CancellationToken cancellationToken) =>
        LimitAsync(
            async token =>
            {
                await link.StartAsync(token).ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );

    public Task<WatchResult> WatchAsync(WatchRequest request, CancellationToken cancellationToken) =>
        LimitAsync(token => link.WatchAsync(request, token), cancellationToken);

    public Task UnwatchAsync(string[] ids, CancellationToken cancellationToken) =>
        LimitAsync(
            async token =>
            {
                await link.UnwatchAsync(ids, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );

    public Task<IReadOnlyList<PresenceEntry>> GetAsync(string[] ids, CancellationToken cancellationToken) =>
        LimitAsync(token => link.GetAsync(ids, token), cancellationToken);

    public ValueTask DisposeAsync() => link.DisposeAsync();

    private async Task<T> LimitAsync<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await step(either.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
            when (exception is not TokenSourceException
                && timeout.IsCancellationRequested
                && !cancellationToken.IsCancellationRequested
            )
        {
            throw new TimeoutException($"The hub did not answer within {limit}.");
        }
    }
}
