using System.Buffers;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using PresenceHub.Contracts;
using PresenceHub.Server.Fanout;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.Fanout;

/// <summary>The frames that are joined from parts are what SignalR itself would read.</summary>
public sealed class FrameWriterTests
{
    public static TheoryData<string> Protocols => ["json", "messagepack"];

    [Theory]
    [MemberData(nameof(Protocols))]
    public void WriteChanges_SeveralEntries_AreReadAsOneInvocation(string protocol)
    {
        EntryFragment[] fragments =
        [
            new(Of(Ada, "Busy", 100, 11)),
            new(Of(Ben, "Away", 100, 12) with { IsStale = true }),
        ];

        var invocation = Read(protocol, FrameWriterOf(protocol).WriteChanges(fragments));

        Assert.Equal("PresenceChanged", invocation.Target);
        Assert.Null(invocation.InvocationId);
        var entries = Assert.IsType<PresenceEntry[]>(Assert.Single(invocation.Arguments));
        Assert.Equal(fragments.Select(fragment => fragment.Entry.ToContract()), entries);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void WriteChanges_NeverObserved_HasNullTimes(string protocol)
    {
        var unknown = PresenceHub.Server.Store.StoredEntry.NeverObserved(Ada, 100);

        var invocation = Read(protocol, new EntryFragment(unknown).Frame(FrameWriterOf(protocol)));

        var entry = Assert.Single((PresenceEntry[])invocation.Arguments[0]!);
        Assert.Equal((Freshness.Unknown, null, null), (entry.Freshness, entry.Since, entry.ObservedAt));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void WriteChanges_LongFrames_AreReadWhole(string protocol)
    {
        EntryFragment[] fragments =
        [
            .. Enumerable
                .Range(0, 1000)
                .Select(i => new EntryFragment(Of(new SubjectId(Guid.NewGuid()), "Busy", 100, i))),
        ];

        var invocation = Read(protocol, FrameWriterOf(protocol).WriteChanges(fragments));

        Assert.Equal(1000, ((PresenceEntry[])invocation.Arguments[0]!).Length);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void WriteBookmark_Cursor_IsReadAsOneInvocation(string protocol)
    {
        var invocation = Read(protocol, FrameWriterOf(protocol).WriteBookmark("12-34"));

        Assert.Equal("Bookmark", invocation.Target);
        Assert.Equal("12-34", Assert.Single(invocation.Arguments));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void WriteRevoked_Ids_AreReadAsOneInvocation(string protocol)
    {
        var invocation = Read(protocol, FrameWriterOf(protocol).WriteRevoked([$"{Ada}", $"{Ben}"]));

        Assert.Equal("Revoked", invocation.Target);
        Assert.Equal([$"{Ada}", $"{Ben}"], Assert.IsType<string[]>(Assert.Single(invocation.Arguments)));
    }

    [Fact]
    public void WriteEntry_Json_HasTheNamesOfTheProtocol() =>
        Assert.Equal(
            """{"id":"11111111-1111-1111-1111-111111111111","availability":"Busy","activity":"Busy","freshness":"live","since":"1970-01-01T00:00:00.001Z","observedAt":"1970-01-01T00:00:00.001Z","epoch":100,"revision":11}""",
            System.Text.Encoding.UTF8.GetString(
                new EntryFragment(Of(Ada, "Busy", 100, 11)).Bytes(FrameWriterOf("json"))
            )
        );

    [Fact]
    public void WriteEntry_MessagePack_HasTheNamesOfTheProtocol() =>
        Assert.Equal(
            """{"id":"11111111-1111-1111-1111-111111111111","availability":"Busy","activity":"Busy","freshness":"live","since":"1970-01-01T00:00:00.001Z","observedAt":"1970-01-01T00:00:00.001Z","epoch":100,"revision":11}""",
            MessagePack.MessagePackSerializer.ConvertToJson(
                new EntryFragment(Of(Ada, "Busy", 100, 11)).Bytes(FrameWriterOf("messagepack"))
            )
        );

    private static FrameWriter FrameWriterOf(string protocol) => FrameWriter.Of(ProtocolOf(protocol));

    private static IHubProtocol ProtocolOf(string protocol) =>
        protocol is "json" ? new JsonHubProtocol() : new MessagePackHubProtocol();

    private static InvocationMessage Read(string protocol, SerializedHubMessage frame)
    {
        var reader = ProtocolOf(protocol);
        var bytes = new ReadOnlySequence<byte>(frame.GetSerializedMessage(reader));
        Assert.True(reader.TryParseMessage(ref bytes, new ClientMethods(), out var message));
        Assert.Equal(0, bytes.Length);
        return Assert.IsType<InvocationMessage>(message);
    }

    private sealed class ClientMethods : IInvocationBinder
    {
        public IReadOnlyList<Type> GetParameterTypes(string methodName) =>
            [
                methodName switch
                {
                    "PresenceChanged" => typeof(PresenceEntry[]),
                    "Revoked" => typeof(string[]),
                    _ => typeof(string),
                },
            ];

        public Type GetReturnType(string invocationId) => throw new NotSupportedException();

        public Type GetStreamItemType(string streamId) => throw new NotSupportedException();
    }
}
