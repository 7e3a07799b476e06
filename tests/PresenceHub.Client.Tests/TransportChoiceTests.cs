using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Client;

namespace PresenceHub.Client.Tests;

public sealed class TransportChoiceTests
{
    private const HttpTransportType WebSockets = HttpTransportType.WebSockets;
    private const HttpTransportType Events = HttpTransportType.ServerSentEvents;
    private const HttpTransportType Polling = HttpTransportType.LongPolling;

    public static TheoryData<HttpTransportType, HttpTransportType?, bool?, string> Orders() =>
        new()
        {
            { HttpTransports.All, null, null, "direct, WebSockets, ServerSentEvents, LongPolling" },
            { HttpTransports.All, null, true, "direct" },
            { HttpTransports.All, null, false, "WebSockets, ServerSentEvents, LongPolling" },
            { HttpTransports.All, Events, null, "ServerSentEvents, LongPolling" },
            { HttpTransports.All, Polling, null, "LongPolling" },
            { WebSockets, null, null, "direct, WebSockets" },
            { Events | Polling, null, null, "ServerSentEvents, LongPolling" },
        };

    [Theory]
    [MemberData(nameof(Orders))]
    public void Narrow_EachTransportFails_GoesThroughThemInOrder(
        HttpTransportType allowed,
        HttpTransportType? preferred,
        bool? skipNegotiation,
        string order
    ) => Assert.Equal(order, OrderOf(new TransportChoice(Options(skipNegotiation), preferred), allowed));

    [Fact]
    public void Narrow_DirectWebSocketHangs_TriesNoOtherWebSocket()
    {
        Assert.Equal(
            "direct, ServerSentEvents, LongPolling",
            OrderOf(new TransportChoice(Options(null), null), HttpTransports.All, isTimeout: true)
        );
        Assert.Equal("direct", OrderOf(new TransportChoice(Options(null), null), WebSockets, isTimeout: true));
    }

    [Fact]
    public void Narrow_ApplicationSkipsNegotiationInItsConfiguration_StaysWithTheDirectWebSocket()
    {
        var choice = new TransportChoice(Options(null), null);
        var connection = new HttpConnectionOptions { SkipNegotiation = true, Transports = WebSockets };
        choice.Narrow(connection);
        choice.Failed(isTimeout: false);
        Assert.True(connection.SkipNegotiation);
        Assert.False(choice.HasMore);
    }

    private static PresenceClientOptions Options(bool? skipNegotiation) =>
        new() { Url = new Uri("http://hub.test/hubs/presence"), SkipNegotiation = skipNegotiation };

    private static string OrderOf(TransportChoice choice, HttpTransportType allowed, bool isTimeout = false)
    {
        var order = new List<string>();
        do
        {
            var connection = new HttpConnectionOptions { Transports = allowed };
            choice.Narrow(connection);
            order.Add(connection.SkipNegotiation ? "direct" : $"{connection.Transports}");
            choice.Failed(isTimeout);
        } while (choice.HasMore);

        return string.Join(", ", order);
    }
}
