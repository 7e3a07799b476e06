using System.Buffers;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using PresenceHub.Contracts;
using PresenceHub.Fleet.Hub;
using SignalRJson = Microsoft.AspNetCore.SignalR.Protocol.JsonHubProtocol;
using SignalRMessagePack = Microsoft.AspNetCore.SignalR.Protocol.MessagePackHubProtocol;

namespace PresenceHub.Fleet.Tests.Hub;

/// <summary>
/// SignalR's own protocols are the other side: what they write is understood, and they understand what is written.
/// </summary>
public sealed class HubProtocolTests
{
    private const string Id1 = "11111111-2222-3333-4444-555555555555";
    private const string Id2 = "66666666-7777-8888-9999-aaaaaaaaaaaa";

    private static readonly DateTimeOffset Instant = new(2026, 11, 27, 8, 30, 0, 123, TimeSpan.Zero);
    private static readonly PresenceEntry Live = new(
        Id1,
        "Busy",
        "InACall",
        Freshness.Live,
        Instant,
        Instant.AddSeconds(1),
        5,
        1L << 52
    );
    private static readonly PresenceEntry Unknown = new(
        Id2,
        "PresenceUnknown",
        "PresenceUnknown",
        Freshness.Unknown,
        null,
        null,
        5,
        0
    );

    private static readonly string LiveLine =
        $"{Id1} 5/{1L << 52} Live Busy InACall since {Text(Instant)} observed {Text(Instant.AddSeconds(1))}";
    private static readonly string UnknownLine = $"{Id2} 5/0 Unknown PresenceUnknown PresenceUnknown since  observed ";

    public static TheoryData<bool> Protocols => new(false, true);

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Read_EveryMessageOfTheHub_IsUnderstood(bool messagePack)
    {
        HubMessage[] messages =
        [
            new InvocationMessage("PresenceChanged", [new[] { Live, Unknown }]),
            new InvocationMessage("Bookmark", ["cursor-1"]),
            new InvocationMessage("Revoked", [new[] { Id1, Id2 }]),
            new InvocationMessage("Draining", [new DrainNotice(1500)]),
            new InvocationMessage("SomethingNew", [1, new[] { "a" }]),
            CompletionMessage.WithResult(
                "7",
                new WatchResult([Live, Unknown], [new RejectedSubject("x", "invalidId")], "cursor-2")
            ),
            CompletionMessage.WithResult("8", new[] { Live }),
            CompletionMessage.Empty("9"),
            CompletionMessage.WithError("10", "HubException: unavailable: later"),
            PingMessage.Instance,
            new CloseMessage("because", allowReconnect: true),
        ];

        var sink = Read(
            messagePack,
            [.. messages.SelectMany(message => SignalR(messagePack).GetMessageBytes(message).ToArray())]
        );

        Assert.Equal(
            [
                $"Push {LiveLine}",
                $"Push {UnknownLine}",
                "bookmark cursor-1",
                $"revoked {Id1}",
                $"revoked {Id2}",
                "draining 1500",
                $"Answer {LiveLine}",
                $"Answer {UnknownLine}",
                "rejected x invalidId",
                "completed 7 '' cursor-2",
                $"Answer {LiveLine}",
                "completed 8 '' ",
                "completed 9 '' ",
                "completed 10 'HubException: unavailable: later' ",
                "ping",
                "closing 'because' True",
            ],
            sink.Lines
        );
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void WriteWatch_ManyIds_SignalRReadsTheSameCall(bool messagePack)
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => Guid.NewGuid().ToString()).ToArray();
        var output = new ArrayBufferWriter<byte>();

        Ours(messagePack).WriteWatch(output, "42", ids, "cursor");

        var call = Assert.IsType<InvocationMessage>(Parse(messagePack, output, typeof(WatchRequest)));
        Assert.Equal(("42", "Watch"), (call.InvocationId, call.Target));
        var request = Assert.IsType<WatchRequest>(Assert.Single(call.Arguments));
        Assert.Equal(ids, request.Ids);
        Assert.Equal("cursor", request.Cursor);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void WriteWatch_NoCursor_SignalRReadsNone(bool messagePack)
    {
        var output = new ArrayBufferWriter<byte>();

        Ours(messagePack).WriteWatch(output, "1", [Id1], null);

        var call = Assert.IsType<InvocationMessage>(Parse(messagePack, output, typeof(WatchRequest)));
        Assert.Null(Assert.IsType<WatchRequest>(Assert.Single(call.Arguments)).Cursor);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void WriteIdsCall_Unwatch_SignalRReadsTheSameCall(bool messagePack)
    {
        var output = new ArrayBufferWriter<byte>();

        Ours(messagePack).WriteIdsCall(output, "3", HubMethod.Unwatch, [Id1, Id2]);

        var call = Assert.IsType<InvocationMessage>(Parse(messagePack, output, typeof(string[])));
        Assert.Equal(("3", "Unwatch"), (call.InvocationId, call.Target));
        Assert.Equal([Id1, Id2], Assert.IsType<string[]>(Assert.Single(call.Arguments)));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Ping_Always_IsSignalRsPing(bool messagePack) =>
        Assert.Equal(
            SignalR(messagePack).GetMessageBytes(PingMessage.Instance).ToArray(),
            Ours(messagePack).Ping.ToArray()
        );

    [Theory]
    [MemberData(nameof(Protocols))]
    public void TryFrame_MessageThatIsNotWhole_WaitsForMore(bool messagePack)
    {
        var bytes = SignalR(messagePack)
            .GetMessageBytes(new InvocationMessage("Bookmark", [new string('c', 300)]))
            .ToArray();

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(Ours(messagePack).TryFrame(bytes.AsSpan(0, length), out _, out _, out _));
        }

        Assert.True(Ours(messagePack).TryFrame(bytes, out _, out _, out var consumed));
        Assert.Equal(bytes.Length, consumed);
    }

    [Fact]
    public void Read_JsonWithTheBodyFirst_IsUnderstood()
    {
        var sink = Read(false, [.. """{"arguments":["c"],"target":"Bookmark","type":1}"""u8, 0x1e]);

        Assert.Equal(["bookmark c"], sink.Lines);
    }

    [Theory]
    [InlineData(false, "{\"type\":1,\"target\":\"PresenceChanged\",\"arguments\":[[{\"id\":\"no-guid\"}]]}\u001e")]
    [InlineData(false, "{\"type\":1,\"target\":\"PresenceChanged\",\"arguments\":[[{}]]}\u001e")]
    [InlineData(false, "{\"type\":\u001e")]
    [InlineData(true, "\u0001\u0005")]
    public void Read_MessageThatIsNotOfTheProtocol_Throws(bool messagePack, string bytes) =>
        Assert.Throws<HubProtocolException>(() => Read(messagePack, System.Text.Encoding.Latin1.GetBytes(bytes)));

    private static HubProtocol Ours(bool messagePack) => messagePack ? HubProtocol.MessagePack : HubProtocol.Json;

    private static IHubProtocol SignalR(bool messagePack) => messagePack ? new SignalRMessagePack() : new SignalRJson();

    private static RecordingSink Read(bool messagePack, ReadOnlySpan<byte> data)
    {
        var sink = new RecordingSink();
        while (!data.IsEmpty)
        {
            Assert.True(Ours(messagePack).TryFrame(data, out var start, out var length, out var consumed));
            Ours(messagePack).Read(data.Slice(start, length), sink);
            data = data[consumed..];
        }

        return sink;
    }

    private static HubMessage Parse(bool messagePack, ArrayBufferWriter<byte> output, Type argument)
    {
        var data = new ReadOnlySequence<byte>(output.WrittenMemory);
        Assert.True(SignalR(messagePack).TryParseMessage(ref data, new Binder(argument), out var message));
        Assert.True(data.IsEmpty);
        return message;
    }

    private static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private sealed class Binder(Type argument) : IInvocationBinder
    {
        public Type GetReturnType(string invocationId) => typeof(object);

        public IReadOnlyList<Type> GetParameterTypes(string methodName) => [argument];

        public Type GetStreamItemType(string streamId) => typeof(object);
    }
}
