using Microsoft.Extensions.Logging;
using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>Opens one link after the other until it is stopped. It never gives up.</summary>
internal sealed class ConnectionLoop(
    PresenceClientOptions options,
    Func<IPresenceClient, bool, IHubLink> newLink,
    WatchBook book,
    PresenceEvents events,
    Random random,
    ILogger logger
)
{
    private static readonly TimeSpan SettledAfter = TimeSpan.FromSeconds(5);

    // How long a connection must hold to count as accepted after the hub has refused the one before.
    private static readonly TimeSpan AcceptedAfter = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time = options.TimeProvider;
    private readonly LogPace _busyPace = new(options.TimeProvider);
    private readonly Refusals _refusals = new(random);
    private long _links;
    private bool _isSettled;

    // The last connection was opened and refused before it settled.
    private bool _wasRefusedOpen;
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
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
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
        TimedLink? link = null;
        Exception? error = null;
        var isOpened = _isSettled = false;
        try
        {
            link = new TimedLink(newLink(receiver, _refusals.NeedNewToken), options.CallTimeout, _time);
            await link.StartAsync(stoppingToken).ConfigureAwait(false);
            isOpened = true;
            error = await IsClosedAtOnceAsync(link, stoppingToken).ConfigureAwait(false)
                ? await link.Closed.ConfigureAwait(false)
                : await UseAsync(number, link, receiver, backoff, stoppingToken).ConfigureAwait(false);
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
        _wasRefusedOpen = isOpened && !_isSettled && Refusals.NeedsAttention(refusal);
        if (State is PresenceConnectionState.Connected || IsNewRefusal(refusal))
        {
            _refusal = refusal;
            var lost = State is PresenceConnectionState.Connecting ? State : PresenceConnectionState.Reconnecting;
            Enter(lost, refusal ?? error);
        }

        if (receiver.Drained.IsCompletedSuccessfully)
        {
            logger.NodeDraining();
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

    /// <summary>
    /// The hub can refuse a connection only after it has opened. Where it did so before, wait a moment for the refusal,
    /// so that the state does not flap with each attempt.
    /// </summary>
    private async Task<bool> IsClosedAtOnceAsync(TimedLink link, CancellationToken stoppingToken)
    {
        if (!_wasRefusedOpen)
        {
            return false;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var accepted = Task.Delay(AcceptedAfter, _time, end.Token);
        await Task.WhenAny(link.Closed, accepted).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        stoppingToken.ThrowIfCancellationRequested();
        return link.Closed.IsCompleted;
    }

    /// <returns>Why the connection was lost.</returns>
    private async Task<Exception?> UseAsync(
        long number,
        TimedLink link,
        LinkReceiver receiver,
        Backoff backoff,
        CancellationToken stoppingToken
    )
    {
        logger.Connected();
        book.OpenLink(number);
        _refusal = null;
        Enter(PresenceConnectionState.Connected, null);
        Link.Set(link);
        var opened = _time.GetTimestamp();
        var error = await ServeAsync(link, receiver, stoppingToken).ConfigureAwait(false);
        _isSettled = _time.GetElapsedTime(opened) >= SettledAfter;
        ResetFailures(receiver, backoff);
        return error;
    }

    // A failure that passes by itself is reported once; a refusal, each time that its code changes.
    private bool IsNewRefusal(PresenceHubException? refusal) =>
        Refusals.NeedsAttention(refusal) && refusal?.Code != _refusal?.Code;

    // A hub that accepts and closes at once has not accepted the connection.
    private void ResetFailures(LinkReceiver receiver, Backoff backoff)
    {
        if (_isSettled && receiver.IsResumed)
        {
            backoff.Reset();
            _refusals.Reset();
        }
    }

    private async Task<Exception?> ServeAsync(TimedLink link, LinkReceiver receiver, CancellationToken stoppingToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var sync = new LinkSync(link, book, events, NewBackoff, _time, logger, _busyPace).RunAsync(
            () => receiver.IsResumed = true,
            end.Token
        );
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

    private async Task CloseAsync(TimedLink? link)
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
