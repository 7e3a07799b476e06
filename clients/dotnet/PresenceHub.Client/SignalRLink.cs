using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>A link over one transport of SignalR.</summary>
internal sealed partial class SignalRLink : IHubLink
{
    private readonly TaskCompletionSource<Exception?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConnectRefusal _refusal;
    private readonly HubConnection _connection;

    /// <param name="options">Of the client.</param>
    /// <param name="receiver">Takes what the hub sends.</param>
    /// <param name="accessToken">Gives the bearer token.</param>
    /// <param name="narrow">Chooses the transport of those that the options allow.</param>
    public SignalRLink(
        PresenceClientOptions options,
        IPresenceClient receiver,
        Func<Task<string?>> accessToken,
        Action<HttpConnectionOptions> narrow
    )
    {
        _refusal = new ConnectRefusal(options.TimeProvider);
        var builder = new HubConnectionBuilder()
            .WithUrl(options.Url, connection => Configure(connection, options, accessToken, narrow))
            .WithServerTimeout(options.ServerTimeout);
        builder.Services.AddSingleton(options.LoggerFactory);
        if (options.UseMessagePack)
        {
            builder.AddMessagePackProtocol();
        }

        _connection = builder.Build();
        _connection.On<IReadOnlyList<PresenceEntry>>(nameof(IPresenceClient.PresenceChanged), receiver.PresenceChanged);
        _connection.On<string>(nameof(IPresenceClient.Bookmark), receiver.Bookmark);
        _connection.On<IReadOnlyList<string>>(nameof(IPresenceClient.Revoked), receiver.Revoked);
        _connection.On<DrainNotice>(nameof(IPresenceClient.Draining), receiver.Draining);

        // Never unsubscribed: the link owns the connection.
        _connection.Closed += OnClosed;
    }

    public Task<Exception?> Closed => _closed.Task;

    /// <summary>The hub has answered the negotiation.</summary>
    public bool IsNegotiated => _refusal.IsNegotiated;

    /// <summary>Whether an attempt failed before anything was asked over the connection.</summary>
    public static bool IsUnreachable(Exception exception) =>
        (exception as HttpRequestException ?? exception.InnerException as HttpRequestException)
            is { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _connection.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (_refusal.RetryAfter is { } retryAfter)
        {
            throw new PresenceHubException(
                ErrorCode.Unavailable,
                "The hub takes no connections for now.",
                exception,
                retryAfter
            );
        }
        catch (Exception exception) when (_refusal.Code is { } code)
        {
            throw new PresenceHubException(code, _refusal.Detail ?? exception.Message, exception);
        }
        catch (HubException exception) when (UnknownProtocol().IsMatch(exception.Message))
        {
            // Both sides are there and do not understand each other.
            throw new PresenceHubException(ErrorCode.InvalidRequest, exception.Message, exception);
        }
    }

    public Task<WatchResult> WatchAsync(WatchRequest request, CancellationToken cancellationToken) =>
        InvokeAsync<WatchResult>("Watch", request, cancellationToken);

    public Task UnwatchAsync(string[] ids, CancellationToken cancellationToken) =>
        InvokeAsync<object?>("Unwatch", ids, cancellationToken);

    public Task<IReadOnlyList<PresenceEntry>> GetAsync(string[] ids, CancellationToken cancellationToken) =>
        InvokeAsync<IReadOnlyList<PresenceEntry>>("Get", ids, cancellationToken);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private void Configure(
        HttpConnectionOptions connection,
        PresenceClientOptions options,
        Func<Task<string?>> accessToken,
        Action<HttpConnectionOptions> narrow
    )
    {
        connection.AccessTokenProvider = options.AccessTokenFactory is null ? null : accessToken;
        options.ConfigureConnection?.Invoke(connection);
        narrow(connection);
        var configured = connection.HttpMessageHandlerFactory;
        connection.HttpMessageHandlerFactory = inner => new RefusalHandler(
            configured is null ? inner : configured(inner),
            _refusal
        );
        if (connection.WebSocketFactory is null && !OperatingSystem.IsBrowser())
        {
            connection.WebSocketFactory = (context, cancellationToken) =>
                ClientSocket.ConnectAsync(context, _refusal, cancellationToken);
        }
    }

    private Task OnClosed(Exception? error)
    {
        _closed.TrySetResult(error);
        return Task.CompletedTask;
    }

    // A hub that closes the connection for an error fails the calls under way with the type of a refusal.
    private static bool IsLoss(HubException exception) =>
        exception.Message.StartsWith(
            "The server closed the connection with the following error",
            StringComparison.Ordinal
        );

    private async Task<T> InvokeAsync<T>(string method, object argument, CancellationToken cancellationToken)
    {
        try
        {
            return await _connection.InvokeCoreAsync<T>(method, [argument], cancellationToken).ConfigureAwait(false);
        }
        catch (HubException exception) when (!IsLoss(exception))
        {
            throw PresenceHubException.From(exception);
        }
    }

    [GeneratedRegex("due to an error: .*(is not supported|does not support version)", RegexOptions.CultureInvariant)]
    private static partial Regex UnknownProtocol();
}
