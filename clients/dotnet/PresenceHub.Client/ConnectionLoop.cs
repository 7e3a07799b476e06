using Microsoft.Extensions.Logging;
using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>Opens one link after the other until it is stopped. It never gives up.</summary>
internal sealed class ConnectionLoop(
    PresenceClientOptions options,
    Func<IPresenceClient, bool, IHubLink> newLink,
    WatchBook book,
    PresenceEvents events,
    Advice advice,
    Random random,
    ILogger logger
)
{
    private static readonly TimeSpan SettledAfter = TimeSpan.FromSeconds(5);

    // How long a connection must hold to count as accepted after the hub has refused the one before.
    private static readonly TimeSpan AcceptedAfter = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time = options.TimeProvider;
    private readonly LogPace _busyPace = new(options.TimeProvider);
    private readonly LogPace _lossPace = new(options.TimeProvider);
    private readonly Refusals _refusals = new(random);
    private long _links;
    private bool _isSettled;

    // The last connection was opened and refused before it settled.
    private bool _wasRefusedOpen;

    // Failed attempts in a row.
    private int _attempt;
    private volatile ConnectionStatus _status = new(PresenceConnectionState.Idle);

    public ConnectionStatus Status => _status;

    public LinkSlot Link { get; } = new();

    public ConnectionAttempts Attempts { get; } = new();

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        var backoff = NewBackoff();
        _attempt = 0;
        Enter(new ConnectionStatus(PresenceConnectionState.Connecting));
        try
        {
            while (true)
            {
                var delay = await ConnectOnceAsync(backoff, stoppingToken).ConfigureAwait(false);
                await Task.Delay(delay, _time, stoppingToken).ConfigureAwait(false);
                _status = _status with { RetryIn = null };
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
        finally
        {
            Enter(new ConnectionStatus(PresenceConnectionState.Stopped));
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
            Attempts.AddOpened();
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
        if (!isOpened)
        {
            Attempts.AddFailure(refusal is not null);
        }

        var delay = await NextWaitAsync(receiver, refusal, backoff).ConfigureAwait(false);
        Fail(refusal, error, delay, receiver.Drained.IsCompletedSuccessfully);
        return delay;
    }

    private async Task<TimeSpan> NextWaitAsync(LinkReceiver receiver, PresenceHubException? refusal, Backoff backoff)
    {
        if (receiver.Drained.IsCompletedSuccessfully)
        {
            logger.NodeDraining();
            return Remaining(await receiver.Drained.ConfigureAwait(false));
        }

        _attempt++;
        return _refusals.WaitAfter(refusal) ?? backoff.Next(refusal?.RetryAfter);
    }

    /// <summary>Shows why there is no connection. Only a loss and a new refusal are reported: a failure that passes by
    /// itself is not, each time that it repeats. A loss that the hub has announced is no problem, so it is not
    /// logged.</summary>
    private void Fail(PresenceHubException? refusal, Exception? error, TimeSpan delay, bool isAnnounced)
    {
        var before = _status;
        var wasConnected = before.State is PresenceConnectionState.Connected;
        var shown = refusal
            ?? new PresenceHubException(
                PresenceHubException.Disconnected,
                error?.Message ?? "The connection was closed.",
                error
            );
        var state = wasConnected ? PresenceConnectionState.Reconnecting : before.State;
        var status = new ConnectionStatus(state, _attempt, delay, shown);
        _status = status;
        if (wasConnected || Refusals.NeedsAttention(refusal) && refusal?.Code != before.Error?.Code)
        {
            events.AddTransition(status);
        }

        if (isAnnounced)
        {
            return;
        }

        if (refusal?.RetryAfter is not null)
        {
            logger.ConnectionRefused(_busyPace.Next(), delay);
        }
        else
        {
            logger.ConnectionLost(wasConnected ? _lossPace.Next() : LogLevel.Debug, error, delay);
        }

        advice.OnFailure(status, isRefused: Refusals.NeedsAttention(refusal) && delay >= Refusals.LongWait);
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
        Enter(new ConnectionStatus(PresenceConnectionState.Connected));
        Link.Set(link);
        var opened = _time.GetTimestamp();
        var error = await ServeAsync(link, receiver, stoppingToken).ConfigureAwait(false);
        _isSettled = _time.GetElapsedTime(opened) >= SettledAfter;
        ResetFailures(receiver, backoff);
        return error;
    }

    // A hub that accepts and closes at once has not accepted the connection.
    private void ResetFailures(LinkReceiver receiver, Backoff backoff)
    {
        if (_isSettled && receiver.IsResumed)
        {
            backoff.Reset();
            _refusals.Reset();
            advice.Reset();
            _attempt = 0;
        }
    }

    private async Task<Exception?> ServeAsync(TimedLink link, LinkReceiver receiver, CancellationToken stoppingToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var sync = new LinkSync(link, book, events, NewBackoff, _time, LogUnavailable, advice).RunAsync(
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

    private void LogUnavailable(TimeSpan delay) => logger.CallUnavailable(_busyPace.Next(), delay);

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

    private void Enter(ConnectionStatus status)
    {
        _status = status;
        events.AddTransition(status);
    }
}
