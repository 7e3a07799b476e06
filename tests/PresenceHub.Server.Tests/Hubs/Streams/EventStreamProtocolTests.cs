using System.Text;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using PresenceHub.Contracts;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Hubs;
using PresenceHub.Server.Hubs.Streams;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.Hubs.Streams;

/// <summary>What an event stream looks like on the wire.</summary>
public sealed class EventStreamProtocolTests
{
    private const string AdaBusy =
        """{"id":"11111111-1111-1111-1111-111111111111","availability":"Busy","activity":"Busy","freshness":"live","since":"1970-01-01T00:00:00.001Z","observedAt":"1970-01-01T00:00:00.001Z","epoch":100,"revision":1}""";

    private readonly FrameWriter _writer = FrameWriter.Of(EventStreamProtocol.Instance);

    [Fact]
    public void Snapshot_HasTheCursorAsItsIdAndATimeToComeBack()
    {
        var answer = new WatchAnswer(
            _writer,
            [Of(Ada, "Busy", 100, 1)],
            [new RejectedSubject("a\nid: 9\n", RejectionReason.InvalidId)],
            "100-7"
        );

        var text = TextOf(_writer.Write(EventStreamProtocol.Snapshot, answer));

        Assert.Matches("^event: snapshot\nid: 100-7\nretry: [1-5][0-9]{3}\ndata: [^\n]+\n\n$", text);
        Assert.EndsWith(
            $"{{\"entries\":[{AdaBusy}],\"rejected\":[{{\"id\":\"a\\nid: 9\\n\",\"reason\":\"invalidId\"}}],\"cursor\":\"100-7\"}}\n\n",
            text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Changes_AreOneEventWithAllEntries()
    {
        EntryFragment[] two = [new(Of(Ada, "Busy", 100, 1)), new(Of(Ada, "Busy", 100, 1))];

        Assert.Equal($"event: changed\ndata: [{AdaBusy}]\n\n", TextOf(two[0].Frame(_writer)));
        Assert.Equal($"event: changed\ndata: [{AdaBusy},{AdaBusy}]\n\n", TextOf(_writer.WriteChanges(two)));
    }

    [Fact]
    public void Entry_IsSerializedOnceForStreamsAndTheJsonProtocolAndFramedForEach()
    {
        var json = FrameWriter.Of(new JsonHubProtocol());
        var fragment = new EntryFragment(Of(Ada, "Busy", 100, 1));

        Assert.Equal(json.WriteEntry(fragment.Entry.ToContract()), _writer.WriteEntry(fragment.Entry.ToContract()));
        Assert.Same(fragment.Bytes(json), fragment.Bytes(_writer));
        Assert.NotSame(fragment.Frame(json), fragment.Frame(_writer));
        Assert.Same(fragment.Frame(_writer), fragment.Frame(_writer));
    }

    [Fact]
    public void OtherMessages_HaveTheArgumentAsData()
    {
        Assert.Equal("event: bookmark\nid: 100-8\ndata: \"100-8\"\n\n", TextOf(_writer.WriteBookmark("100-8")));
        Assert.Equal("event: revoked\ndata: [\"a\",\"b\"]\n\n", TextOf(_writer.WriteRevoked(["a", "b"])));
        Assert.Equal(
            "event: draining\nretry: 1000\ndata: {\"reconnectAfterMs\":1500}\n\n",
            TextOf(_writer.WriteDraining(new DrainNotice(1500)))
        );
        Assert.Equal(
            "event: closed\ndata: {\"code\":\"tokenExpired\",\"detail\":\"Over\"}\n\n",
            TextOf(_writer.Write(EventStreamProtocol.Closed, new StreamClosed("tokenExpired", "Over")))
        );
    }

    private static string TextOf(SerializedHubMessage frame) =>
        Encoding.UTF8.GetString(frame.GetSerializedMessage(EventStreamProtocol.Instance).Span);
}
