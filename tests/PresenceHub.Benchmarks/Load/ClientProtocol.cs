using System.Text;
using System.Text.Json;

namespace PresenceHub.Benchmarks.Load;

/// <summary>
/// What a light client of one kind of server sends, and how it tells that server's messages apart by their first bytes.
/// </summary>
internal abstract class ClientProtocol
{
    /// <summary>SignalR's hub protocol in JSON: the hub and the stock peers.</summary>
    public static ClientProtocol Hub { get; } = new HubClientProtocol();

    /// <summary>Plain WebSocket messages of JSON.</summary>
    public static ClientProtocol Raw { get; } = new RawClientProtocol();

    /// <summary>Socket.IO 4 over Engine.IO 4, WebSockets only.</summary>
    public static ClientProtocol SocketIo { get; } = new SocketIoClientProtocol();

    /// <summary>Path and query to connect to.</summary>
    public abstract string Path { get; }

    /// <summary>Ends a message inside a WebSocket message; null where each WebSocket message is one.</summary>
    public virtual byte? Separator => null;

    /// <summary>Whether the token travels in the upgrade request.</summary>
    public virtual bool SendsTokenInHeader => true;

    /// <summary>Sent by the client in time to be kept alive; empty where the server needs nothing.</summary>
    public virtual ReadOnlyMemory<byte> KeepAlive => default;

    /// <summary>Answers <see cref="MessageKind.Ping"/>.</summary>
    public virtual ReadOnlyMemory<byte> Pong => default;

    /// <summary>Sent right after the upgrade; empty for nothing.</summary>
    public virtual ReadOnlyMemory<byte> Hello(string token) => default;

    /// <summary>Answers <see cref="MessageKind.Opened"/>.</summary>
    public virtual ReadOnlyMemory<byte> Introduction(string token) => default;

    /// <summary>Whether the connection may be used without any word of the server.</summary>
    public virtual bool JoinsAtOnce => false;

    public abstract byte[] Watch(IReadOnlyList<string> ids);

    /// <param name="head">
    /// The first bytes of a message, as many as <see cref="MessageSplitter.HeadBytes"/> if it has them.
    /// </param>
    public abstract MessageKind KindOf(ReadOnlySpan<byte> head);

    private static byte[] Serialize(object value) =>
        JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web);

    private sealed class HubClientProtocol : ClientProtocol
    {
        private const byte RecordSeparator = 0x1e;

        private static readonly byte[] Handshake = Ended("""{"protocol":"json","version":1}"""u8);
        private static readonly byte[] PingMessage = Ended("""{"type":6}"""u8);

        public override string Path => "/hubs/presence";

        public override byte? Separator => RecordSeparator;

        public override ReadOnlyMemory<byte> KeepAlive => PingMessage;

        public override ReadOnlyMemory<byte> Hello(string token) => Handshake;

        public override byte[] Watch(IReadOnlyList<string> ids) =>
            Ended(
                Serialize(
                    new
                    {
                        type = 1,
                        invocationId = "1",
                        target = "Watch",
                        arguments = new[] { new { ids } },
                    }
                )
            );

        public override MessageKind KindOf(ReadOnlySpan<byte> head)
        {
            if (head.StartsWith("{\"type\":1,\"target\":\"PresenceChanged\""u8))
            {
                return MessageKind.Changes;
            }

            if (head.StartsWith("""{"type":3,"""u8))
            {
                return head.IndexOf("\"error\":"u8) >= 0 ? MessageKind.Failure : MessageKind.Snapshot;
            }

            return head.SequenceEqual("{}"u8) ? MessageKind.Joined : MessageKind.Other;
        }

        private static byte[] Ended(ReadOnlySpan<byte> message) => [.. message, RecordSeparator];
    }

    private sealed class RawClientProtocol : ClientProtocol
    {
        public override string Path => "/presence";

        public override bool JoinsAtOnce => true;

        public override byte[] Watch(IReadOnlyList<string> ids) => Serialize(new { ids });

        public override MessageKind KindOf(ReadOnlySpan<byte> head) =>
            head.StartsWith("""{"entries":"""u8) ? MessageKind.Snapshot : MessageKind.Changes;
    }

    private sealed class SocketIoClientProtocol : ClientProtocol
    {
        private static readonly byte[] PongMessage = "3"u8.ToArray();

        public override string Path => "/socket.io/?EIO=4&transport=websocket";

        public override bool SendsTokenInHeader => false;

        public override ReadOnlyMemory<byte> Pong => PongMessage;

        public override ReadOnlyMemory<byte> Introduction(string token) =>
            Encoding.UTF8.GetBytes($$"""40{"token":"{{token}}"}""");

        public override byte[] Watch(IReadOnlyList<string> ids) =>
            [.. "421"u8, .. Serialize(new object[] { "watch", new { ids } })];

        public override MessageKind KindOf(ReadOnlySpan<byte> head) =>
            head switch
            {
                [(byte)'0', ..] => MessageKind.Opened,
                [(byte)'2'] => MessageKind.Ping,
                [(byte)'4', (byte)'0', ..] => MessageKind.Joined,
                [(byte)'4', (byte)'2', ..] => MessageKind.Changes,
                [(byte)'4', (byte)'3', ..] => MessageKind.Snapshot,
                [(byte)'4', (byte)'4', ..] => MessageKind.Failure,
                _ => MessageKind.Other,
            };
    }
}
