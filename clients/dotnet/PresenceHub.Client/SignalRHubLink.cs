using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>A link over SignalR.</summary>
internal sealed class SignalRHubLink : IHubLink
{
    private readonly CancellationTokenSource _lifetime = new();
    private readonly TaskCompletionSource<Exception?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConnectRefusal _refusal;
    private readonly HubConnection _connection;

    public SignalRHubLink(PresenceClientOptions options, IPresenceClient receiver)
    {
        _refusal = new ConnectRefusal(options.TimeProvider);
        var builder = new HubConnectionBuilder()
            .WithUrl(options.HubUri, connection => Configure(connection, options))
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
        _connection.Closed += OnClosed;
    }

    public Task<Exception?> Closed => _closed.Task;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _connection.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (_refusal.RetryAfter is { } retryAfter)
        {
            throw new PresenceHubException(
                ErrorCode.Unavailable, "The hub takes no connections for now.", exception, retryAfter);
        }
        catch (Exception exception) when (_refusal.Code is { } code)
        {
            throw new PresenceHubException(code, exception.Message, exception);
        }
    }

    public Task<WatchResult> WatchAsync(WatchRequest request, CancellationToken cancellationToken) =>
        InvokeAsync<WatchResult>("Watch", request, cancellationToken);

    public Task UnwatchAsync(string[] ids, CancellationToken cancellationToken) =>
        InvokeAsync<object?>("Unwatch", ids, cancellationToken);

    public Task<IReadOnlyList<PresenceEntry>> GetAsync(string[] ids, CancellationToken cancellationToken) =>
        InvokeAsync<IReadOnlyList<PresenceEntry>>("Get", ids, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _lifetime.CancelAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
        _lifetime.Dispose();
    }

    private void Configure(HttpConnectionOptions connection, PresenceClientOptions options)
    {
        if (options.AccessTokenProvider is { } accessToken)
        {
            connection.AccessTokenProvider = () => accessToken(_lifetime.Token);
        }

        options.ConfigureConnection?.Invoke(connection);
        var configured = connection.HttpMessageHandlerFactory;
        connection.HttpMessageHandlerFactory = inner =>
            new RefusalHandler(configured is null ? inner : configured(inner), _refusal);
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
        exception.Message.StartsWith("The server closed the connection with the following error", StringComparison.Ordinal);

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
}
