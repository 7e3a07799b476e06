using PresenceHub.Server.Hubs.Streams;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.Hubs.Streams;

public sealed class PresenceStreamTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly StreamBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Changes_BeforeTheSnapshot_FollowIt()
    {
        _bench.Mark(Of(Ada, "Busy", 100, 2));
        _bench.Mark(Of(Ada, "Away", 100, 3));
        Assert.False(_bench.Ready.TryTake(out _));

        await _bench.BeginAsync();

        var changed = await _bench.ReadAsync();
        Assert.StartsWith("event: changed\n", changed, StringComparison.Ordinal);
        Assert.Contains("\"Away\"", changed, StringComparison.Ordinal);
        Assert.DoesNotContain("\"Busy\"", changed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drain_BeforeTheSnapshot_FollowsIt()
    {
        _bench.Outbox.Drain(Second);
        Assert.False(_bench.Ready.TryTake(out _));

        await _bench.BeginAsync();

        Assert.StartsWith("event: draining\n", await _bench.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tick_NothingSentForFifteenSeconds_SendsAHeartbeat()
    {
        await _bench.BeginAsync();

        _bench.Pass(PresenceStream.HeartbeatPeriod - Second);
        Assert.Equal("", await _bench.ReadAsync());
        _bench.Pass(Second);
        Assert.Equal(":\n\n", await _bench.ReadAsync());
        _bench.Pass(PresenceStream.HeartbeatPeriod - Second);
        _bench.Mark(Of(Ada, "Busy", 100, 2));
        _bench.Flush();
        Assert.StartsWith("event: changed\n", await _bench.ReadAsync(), StringComparison.Ordinal);
        _bench.Pass(Second);
        Assert.Equal("", await _bench.ReadAsync());
    }

    [Fact]
    public async Task Heartbeat_ThatIsNotAccepted_CountsAsStalledAndIsTheOnlyOne()
    {
        await _bench.BeginAsync();

        _bench.Pass(PresenceStream.HeartbeatPeriod);
        _bench.Pass(PresenceStream.HeartbeatPeriod);

        Assert.Equal(PresenceStream.HeartbeatPeriod, _bench.Outbox.WaitingFor);
        Assert.Equal(":\n\n", await _bench.ReadAsync());
        Assert.Equal("", await _bench.ReadAsync());
        Assert.Equal(TimeSpan.Zero, _bench.Outbox.WaitingFor);
    }

    [Fact]
    public async Task Abort_WhileTheClientReadsNothing_EndsTheWriteAndTheStream()
    {
        await _bench.BeginAsync();
        _bench.Mark(Of(Ada, "Busy", 100, 2));
        _bench.Flush();

        _bench.Outbox.Abort();

        Assert.Equal(StreamEnd.Aborted, await _bench.Stream.Ended);
        await _bench.Stream.CloseAsync(_bench.Outbox.Writer, Limit);
        await _bench.Outbox.InFlight;
    }

    [Fact]
    public async Task Close_ThenAChange_WritesNothing()
    {
        await _bench.BeginAsync();
        _bench.Stream.End(StreamEnd.NodeLeaves);
        await _bench.Stream.CloseAsync(_bench.Outbox.Writer, Limit);

        _bench.Mark(Of(Ada, "Busy", 100, 2));
        _bench.Flush();
        await _bench.Outbox.InFlight;

        Assert.Equal("", await _bench.ReadAsync());
        Assert.False(_bench.IsAborted);
    }

    [Fact]
    public async Task Tick_TokenExpires_TellsTheClientWhatWasInFlightAndThenWhy()
    {
        await _bench.BeginAsync();
        _bench.Mark(Of(Ada, "Busy", 100, 2));
        _bench.Flush();

        _bench.Pass(StreamBench.TokenLifetime);
        Assert.Equal(StreamEnd.TokenExpired, await _bench.Stream.Ended);
        var closing = _bench.Stream.CloseAsync(_bench.Outbox.Writer, Limit);

        Assert.StartsWith("event: changed\n", await _bench.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal(
            "event: closed\ndata: {\"code\":\"tokenExpired\",\"detail\":\"The token has expired\"}\n\n",
            await _bench.ReadLastAsync()
        );
        await closing;
        Assert.False(_bench.IsAborted);
    }

    [Fact]
    public async Task Close_ClientThatReadsNothing_IsAbortedAfterTheLimit()
    {
        await _bench.BeginAsync();
        _bench.Mark(Of(Ada, "Busy", 100, 2));
        _bench.Flush();
        _bench.Stream.End(StreamEnd.TokenExpired);

        var closing = _bench.Stream.CloseAsync(_bench.Outbox.Writer, Limit);
        _bench.Time.Advance(Limit - Second);
        Assert.False(closing.IsCompleted);
        Assert.False(_bench.IsAborted);
        _bench.Time.Advance(Second);

        await closing;
        Assert.True(_bench.IsAborted);
    }

    [Fact]
    public async Task Drain_StreamEndsAfterTheDelayAndGetsChangesUntilThen()
    {
        await _bench.BeginAsync();
        _bench.Outbox.Drain(5 * Second);
        _bench.Flush();
        Assert.Equal("event: draining\nretry: 1000\ndata: {\"reconnectAfterMs\":5000}\n\n", await _bench.ReadAsync());

        _bench.Pass(4 * Second);
        _bench.Mark(Of(Ada, "Busy", 100, 2));
        _bench.Flush();
        Assert.StartsWith("event: changed\n", await _bench.ReadAsync(), StringComparison.Ordinal);
        Assert.False(_bench.Stream.Ended.IsCompleted);
        _bench.Pass(Second);

        Assert.Equal(StreamEnd.NodeLeaves, await _bench.Stream.Ended);
    }
}
