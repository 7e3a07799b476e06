using PresenceHub.Fleet.Connections;

namespace PresenceHub.Benchmarks.Load;

/// <summary>One light client of any of the compared systems.</summary>
internal sealed class Member : IWebSocketReceiver
{
    private readonly ClientProtocol _protocol;
    private readonly string _token;
    private readonly MessageSplitter _messages;
    private readonly Action<MessageKind, ReadOnlySpan<byte>> _onMessage;
    private readonly Action<int> _onChange;
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<bool> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<WebSocketConnection> _opened = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    private Member(ClientProtocol protocol, string token, Action<int> onChange)
    {
        (_protocol, _token, _onChange) = (protocol, token, onChange);
        _messages = new MessageSplitter(protocol);
        _onMessage = OnMessage;
    }

    /// <summary>Completes when the connection has ended.</summary>
    public Task Completion => _opened.Task.Result.Completion;

    /// <summary>Connects and waits until the server lets the client call.</summary>
    public static async Task<Member> ConnectAsync(
        ClientProtocol protocol,
        WebSocketTarget target,
        WebSocketSettings settings,
        Action<int> onChange,
        CancellationToken cancellationToken
    )
    {
        var token = settings.AccessToken!;
        var member = new Member(protocol, token, onChange);
        var sent = protocol.SendsTokenInHeader ? settings : settings with { AccessToken = null };
        var connection = await WebSocketConnection.ConnectAsync(target, sent, member, cancellationToken);
        member._opened.SetResult(connection);
        try
        {
            await member.SendAsync(protocol.Hello(token));
            if (!protocol.JoinsAtOnce)
            {
                await Task.WhenAny(member._joined.Task, connection.Completion).WaitAsync(cancellationToken);
                if (!member._joined.Task.IsCompleted)
                {
                    throw new IOException("The server closed the connection during the handshake");
                }
            }

            return member;
        }
        catch
        {
            connection.Abort();
            throw;
        }
    }

    /// <summary>
    /// Asks for the subjects; true when the snapshot has arrived, false when the server refused or the connection
    /// ended.
    /// </summary>
    public async Task<bool> WatchAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        _answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync(_protocol.Watch(ids));
        await Task.WhenAny(_answer.Task, Completion).WaitAsync(cancellationToken);
        return _answer.Task.IsCompleted && await _answer.Task;
    }

    public ValueTask KeepAliveAsync() => SendAsync(_protocol.KeepAlive);

    /// <summary>Ends the connection with a reset: no port stays behind.</summary>
    public void Abort() => _opened.Task.Result.Abort();

    void IWebSocketReceiver.Receive(ReadOnlySpan<byte> payload, bool endOfMessage) =>
        _messages.Read(payload, endOfMessage, _onMessage, _onChange);

    private void OnMessage(MessageKind kind, ReadOnlySpan<byte> head)
    {
        switch (kind)
        {
            case MessageKind.Opened:
                Answer(_protocol.Introduction(_token));
                break;
            case MessageKind.Ping:
                Answer(_protocol.Pong);
                break;
            case MessageKind.Joined:
                _joined.TrySetResult();
                break;
            case MessageKind.Snapshot or MessageKind.Failure:
                _answer.TrySetResult(kind is MessageKind.Snapshot);
                break;
        }
    }

    // The receive loop must not wait for a send.
    private void Answer(ReadOnlyMemory<byte> message) => _ = Task.Run(() => SendAsync(message).AsTask());

    private async ValueTask SendAsync(ReadOnlyMemory<byte> message)
    {
        if (message.IsEmpty)
        {
            return;
        }

        try
        {
            // The first message may come before its connection is handed over.
            var connection = await _opened.Task;
            await connection.SendAsync(WebSocketOpcode.Text, message, CancellationToken.None);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The connection has ended: those that wait for an answer wait for Completion too.
        }
    }
}
