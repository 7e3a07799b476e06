using System.Net.Sockets;
using PresenceHub.Fleet.Connections;
using PresenceHub.Fleet.Hub;
using PresenceHub.Fleet.Members;

namespace PresenceHub.Fleet.Tests.Members;

public sealed class FailuresTests
{
    private static readonly Uri Hub = new("http://hub.example:5080/hubs/presence");

    public static TheoryData<Exception, string> Mistakes =>
        new()
        {
            {
                new SocketException((int)SocketError.ConnectionRefused),
                "start the hub, or name its address with --hub"
            },
            { new HttpRequestException("x", new SocketException((int)SocketError.ConnectionRefused)), "start the hub" },
            { new SocketException((int)SocketError.HostNotFound), "check the address given with --hub" },
            { new SocketException((int)SocketError.TooManyOpenSockets), "raise the limit" },
            { new SocketException((int)SocketError.AddressNotAvailable), "use fewer connections" },
            { new SocketException((int)SocketError.AddressAlreadyInUse), "No local port is left" },
            { new UpgradeRefusedException(401, "Unauthorized", null), "does not accept the token" },
            { new UpgradeRefusedException(403, "Forbidden", null), "lacks the hub's scope" },
            { new UpgradeRefusedException(404, "Not Found", null), "There is no presence hub at" },
            {
                new HubHandshakeException("The server does not support version 1 of the 'json' protocol."),
                "another version of the hub protocol"
            },
            { new HubCallException("error", "HubException: Unknown hub method 'Watch'"), "version 1" },
            {
                new HubProtocolException("The hub sent a message of an unexpected shape"),
                "does not speak the presence protocol"
            },
            { new HttpRequestException("x"), "check the address, and whether it is http or https" },
            { new HttpRequestException("x", null, System.Net.HttpStatusCode.BadGateway), "answered 502" },
            { new IOException("reset"), "check that it is a presence hub" },
            { new OperationCanceledException(), "did not answer in time" },
        };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void SentenceAtStart_CommonMistake_SaysWhatToDoInOneSentence(Exception exception, string part)
    {
        var sentence = Failures.SentenceAtStart(exception, Hub);

        Assert.NotNull(sentence);
        Assert.Contains(part, sentence, StringComparison.Ordinal);
        Assert.EndsWith(".", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', sentence);
    }

    [Fact]
    public void Sentence_OutageDuringARun_IsNoReasonToEndIt()
    {
        Assert.Null(Failures.Sentence(new SocketException((int)SocketError.ConnectionRefused), Hub));
        Assert.Null(
            Failures.Sentence(new UpgradeRefusedException(503, "Service Unavailable", TimeSpan.FromSeconds(1)), Hub)
        );
        Assert.Null(Failures.Sentence(new IOException("reset"), Hub));
        Assert.Null(Failures.Sentence(new HubHandshakeException("Handshake was canceled."), Hub));
    }

    [Fact]
    public void IsExpected_FailureOfAServerThatIsKilled_IsTrue() =>
        Assert.All(
            new Exception[]
            {
                new IOException("x"),
                new SocketException((int)SocketError.ConnectionReset),
                new System.Net.WebSockets.WebSocketException("x"),
                new HttpRequestException("x"),
                new ObjectDisposedException("x"),
            },
            exception => Assert.True(Failures.IsExpected(exception))
        );
}
