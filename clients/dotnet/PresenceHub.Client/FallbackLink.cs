using System.Runtime.ExceptionServices;
using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>
/// One attempt to connect: a WebSocket without negotiation, which saves a round trip and works at any node. When that
/// fails, it negotiates, which distinguishes a refusal of the hub from a network that blocks WebSockets, and tries each
/// transport in turn.
/// </summary>
internal sealed class FallbackLink(
    PresenceClientOptions options,
    IPresenceClient receiver,
    TransportMemory memory,
    bool refreshToken
) : IHubLink
{
    // One transport gets a third of the attempt's time, so that the fallbacks have their turn.
    private const int TransportShare = 3;

    private readonly CancellationTokenSource _lifetime = new();
    private readonly TransportChoice _choice = new(options, memory.Preferred);
    private string? _token;
    private SignalRLink? _open;

    public Task<Exception?> Closed => Open.Closed;

    private SignalRLink Open => _open ?? throw new InvalidOperationException("The connection is not open.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // One token serves all transports of the attempt. A failure of the token source is not one of a transport.
        _token = await AskForTokenAsync(refreshToken, cancellationToken).ConfigureAwait(false);
        var failures = new List<Failure>();
        do
        {
            if (await TryOpenAsync(cancellationToken).ConfigureAwait(false) is not { } failure)
            {
                return;
            }

            failures.Add(failure);
        } while (failures[^1].MayPassElsewhere && _choice.HasMore);

        // If nothing answers, the hub is unreachable, whichever the transport.
        if (failures.Exists(failure => failure.MayPassElsewhere))
        {
            memory.Forget();
        }

        if (failures is [var only])
        {
            ExceptionDispatchInfo.Throw(only.Exception);
        }

        throw new IOException(
            string.Join("; ", failures.Select(failure => $"{failure.Transport}: {failure.Exception.Message}")),
            failures[^1].Exception
        );
    }

    public Task<WatchResult> WatchAsync(WatchRequest request, CancellationToken cancellationToken) =>
        Open.WatchAsync(request, cancellationToken);

    public Task UnwatchAsync(string[] ids, CancellationToken cancellationToken) =>
        Open.UnwatchAsync(ids, cancellationToken);

    public Task<IReadOnlyList<PresenceEntry>> GetAsync(string[] ids, CancellationToken cancellationToken) =>
        Open.GetAsync(ids, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _lifetime.CancelAsync().ConfigureAwait(false);
        if (_open is { } open)
        {
            await open.DisposeAsync().ConfigureAwait(false);
        }

        _lifetime.Dispose();
    }

    /// <returns>Null when the connection is open.</returns>
    private async Task<Failure?> TryOpenAsync(CancellationToken cancellationToken)
    {
        var link = new SignalRLink(options, receiver, GetTokenAsync, _choice.Narrow);
        var limit = _choice.NeverNegotiates ? Timeout.InfiniteTimeSpan : options.CallTimeout / TransportShare;
        using var timeout = new CancellationTokenSource(limit, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await link.StartAsync(either.Token).ConfigureAwait(false);
            _open = link;
            memory.Opened(_choice.Current);
            return null;
        }
        catch (Exception exception)
            when (exception is not PresenceHubException && !cancellationToken.IsCancellationRequested)
        {
            var isTimeout = timeout.IsCancellationRequested;
            var failure = new Failure(
                _choice.IsDirect ? $"{_choice.Current} without negotiation" : $"{_choice.Current}",
                isTimeout ? new TimeoutException("The hub did not answer in time.", exception) : exception,
                _choice.IsDirect ? !SignalRLink.IsUnreachable(exception) : link.IsNegotiated
            );
            _choice.Failed(isTimeout);
            return failure;
        }
        finally
        {
            if (_open is null)
            {
                await link.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private Task<string?> GetTokenAsync() =>
        _open is null ? Task.FromResult(_token) : AskForTokenAsync(refresh: true, _lifetime.Token);

    private async Task<string?> AskForTokenAsync(bool refresh, CancellationToken cancellationToken)
    {
        if (options.AccessTokenFactory is not { } factory)
        {
            return null;
        }

        using var timeout = new CancellationTokenSource(options.CallTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            // A source may ignore its cancellation token.
            var asking = factory(new TokenRequest(refresh, either.Token));
            ObserveLateFailure(asking);
            return await asking.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (either.IsCancellationRequested)
        {
            // The limit of the whole attempt may end first. A client that is stopped drops the failure.
            throw new TokenSourceException(
                new TimeoutException($"no token came within {options.CallTimeout}.", exception)
            );
        }
        catch (Exception exception)
        {
            // A source may fail with an exception that would look like a refusal of the hub.
            throw new TokenSourceException(exception);
        }
    }

    private static void ObserveLateFailure(Task asking) =>
        _ = asking.ContinueWith(
            static failed => failed.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );

    /// <param name="Transport">What failed.</param>
    /// <param name="Exception">Why.</param>
    /// <param name="MayPassElsewhere">Whether another transport may pass.</param>
    private readonly record struct Failure(string Transport, Exception Exception, bool MayPassElsewhere);
}
