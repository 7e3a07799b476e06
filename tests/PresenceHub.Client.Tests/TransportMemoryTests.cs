using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.Time.Testing;

namespace PresenceHub.Client.Tests;

public sealed class TransportMemoryTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Preferred_AfterAFallback_IsThatForTenMinutes()
    {
        var memory = new TransportMemory(_time);
        Assert.Null(memory.Preferred);
        memory.Opened(HttpTransportType.ServerSentEvents);
        _time.Advance(TimeSpan.FromMinutes(9));
        memory.Opened(HttpTransportType.ServerSentEvents);
        Assert.Equal(HttpTransportType.ServerSentEvents, memory.Preferred);

        // A reconnect does not prolong it: the network may have changed.
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(memory.Preferred);
    }

    [Fact]
    public void Preferred_WebSocketsPassOrTheFallbackFails_IsNone()
    {
        var memory = new TransportMemory(_time);
        memory.Opened(HttpTransportType.LongPolling);
        memory.Opened(HttpTransportType.WebSockets);
        Assert.Null(memory.Preferred);

        memory.Opened(HttpTransportType.LongPolling);
        memory.Forget();
        Assert.Null(memory.Preferred);
    }
}
