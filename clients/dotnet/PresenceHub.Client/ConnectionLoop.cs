using Microsoft.Extensions.Logging;
using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>Opens one link after the other until it is stopped. It never gives up: whoever shows presence has nothing better to do than to try again.</summary>
internal sealed class ConnectionLoop(
    PresenceClientOptions options, Func<IPresenceClient, IHubLink> newLink, WatchBook book, PresenceEvents events, Random random, ILogger logger)
{
    private static readonly TimeSpan SettledAfter = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = options.TimeProvider;
    private readonly LogPace _busyPace = new(options.TimeProvider);
    private readonly Refusals _refusals = new(random);
    private long _links;
    private volatile PresenceConnectionState _state;
    private volatile PresenceHubException? _refusal;

    public PresenceConnectionState State => _state;

    /// <summary>Why the hub refused the last connection; null while there is one.</summary>
    public PresenceHubException? Refusal => _refusal;

    public LinkSlot Link { get; } = new();

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        var backoff = NewBackoff();
        Enter(PresenceConnectionState.Connecting, null);
        try
        {
            while (true)
            {
                var delay = await ConnectOnceAsync(backoff, stoppingToken).ConfigureAwait(false);
                await Task.Delay(delay, _time, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            Enter(PresenceConnectionState.Disconnected, null);
        }
    }

    /// <summary>One connection's life.</summary>
    /// <returns>How long to wait before the next.</returns>
    private async Task<TimeSpan> ConnectOnceAsync(Backoff backoff, CancellationToken stoppingToken)
    {
        var number = ++_links;
        var idsPerCall = book.Limit.Value;
        var receiver = new LinkReceiver(number, book, events, _time);
        TimedHubLink? link = null;
        Exception? error = null;
        try
        {
            link = new TimedHubLink(newLink(receiver), options.CallTimeout, _time);
            await link.StartAsync(stoppingToken).ConfigureAwait(false);
            logger.Connected();
            book.OpenLink(number);
            _refusal = null;
            Enter(PresenceConnectionState.Connected, null);
            Link.Set(link);
            var opened = _time.GetTimestamp();
            error = await ServeAsync(link, receiver, stoppingToken).ConfigureAwait(false);
            ForgiveFailures(receiver, backoff, _time.GetElapsedTime(opened));
        }
        catch (Exception exception)
        {
            error = exception;
        }
        finally
        {
            Link.Clear();
            book.CloseLink();
            await CloseAsync(link).ConfigureAwait(false);
        }

        stoppingToken.ThrowIfCancellationRequested();
        // A message that was too large for the hub is sent in parts on the next connection.
        var refusal = Refusals.Of(error) is { } said && !book.Limit.TryLower(said, idsPerCall) ? said : null;
        if (State is PresenceConnectionState.Connected || NeedsAttention(refusal))
        {
            _refusal = refusal;
            var lost = State is PresenceConnectionState.Connecting ? State : PresenceConnectionState.Reconnecting;
            Enter(lost, refusal ?? error);
        }

        if (receiver.Drained.IsCompletedSuccessfully)
        {
            logger.Drained();
            return Remaining(await receiver.Drained.ConfigureAwait(false));
        }

        if (_refusals.WaitAfter(refusal) is { } refusedWait)
        {
            logger.ConnectionLost(refusal, refusedWait);
            return refusedWait;
        }

        if (refusal?.RetryAfter is { } retryAfter)
        {
            var wait = backoff.Next(retryAfter);
            logger.ConnectionRefused(_busyPace.Next(), wait);
            return wait;
        }

        var delay = backoff.Next();
        logger.ConnectionLost(error, delay);
        return delay;
    }

    // A failure that heals by waiting is reported once; a refusal that needs someone to act, each time that it is another.
    private bool NeedsAttention(PresenceHubException? refusal) =>
        refusal?.Code is { } code and not ErrorCode.Unavailable && code != _refusal?.Code;

    // A hub that accepts and closes at once has not accepted.
    private void ForgiveFailures(LinkReceiver receiver, Backoff backoff, TimeSpan held)
    {
        if (held >= SettledAfter && receiver.IsResumed)
        {
            backoff.Reset();
            _refusals.Reset();
        }
    }

    private async Task<Exception?> ServeAsync(TimedHubLink link, LinkReceiver receiver, CancellationToken stoppingToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var sync = new LinkSync(link, book, events, NewBackoff, _time, logger, _busyPace)
            .RunAsync(() => receiver.IsResumed = true, end.Token);
        var drain = WaitForDrainAsync(receiver, end.Token);
        await Task.WhenAny(sync, drain, link.Closed).ConfigureAwait(false);

        var ended = link.Closed.IsCompleted ? await link.Closed.ConfigureAwait(false) : null;
        await end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(sync, drain).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ended ?? sync.Exception?.InnerException;
    }

    private async Task WaitForDrainAsync(LinkReceiver receiver, CancellationToken cancellationToken)
    {
        var notice = await receiver.Drained.WaitAsync(cancellationToken).ConfigureAwait(false);
        await Task.Delay(Remaining(notice), _time, cancellationToken).ConfigureAwait(false);
    }

    // The hub spreads its clients by this wait, so losing the connection early does not shorten it.
    private TimeSpan Remaining((long ReceivedAt, TimeSpan ReconnectAfter) notice)
    {
        var remaining = notice.ReconnectAfter - _time.GetElapsedTime(notice.ReceivedAt);
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }

    private async Task CloseAsync(TimedHubLink? link)
    {
        try
        {
            if (link is not null)
            {
                await link.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // The link is given up either way; the next one does not depend on it.
            logger.CloseFailed(exception);
        }
    }

    private Backoff NewBackoff() => new(options.ReconnectBase, options.ReconnectCap, random);

    private void Enter(PresenceConnectionState state, Exception? error)
    {
        _state = state;
        events.AddTransition(state, error);
    }
}
