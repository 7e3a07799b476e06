using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Control;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.Fanout;

/// <summary>Fan-out over real hub connections whose clients read, or do not.</summary>
public sealed class FanoutServiceTests : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly PresenceMirror _mirror;
    private readonly Outboxes _outboxes;
    private readonly InterestIndex _index;
    private readonly ChangeDispatcher _dispatcher;
    private readonly FanoutService _fanout;
    private readonly Meters _meters = new();
    private readonly MirrorPartition _partition;
    private long _revision = 10;

    public FanoutServiceTests()
    {
        var options = Options.Create(new StoreOptions { Partitions = 1 });
        var keys = new StoreKeys(new RedisNames(), options);
        _mirror = new PresenceMirror(null!, keys, new StoreClock(keys, _time), options);
        _partition = _mirror.Partitions[0];
        _outboxes = new Outboxes(_mirror, _time);
        _index = new InterestIndex([new MirrorInterest(_mirror)]);
        _dispatcher = new ChangeDispatcher(_mirror, _index, _outboxes, Options.Create(new FanoutOptions()));
        _fanout = new FanoutService(
            _outboxes,
            new FanoutMetrics(_meters, _outboxes),
            Options.Create(new FanoutOptions()),
            _time,
            NullLogger<FanoutService>.Instance
        );
    }

    public async Task InitializeAsync()
    {
        await _dispatcher.StartAsync(CancellationToken.None);
        await _fanout.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _dispatcher.StopAsync(CancellationToken.None);
        await _fanout.StopAsync(CancellationToken.None);
        _dispatcher.Dispose();
        _fanout.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public async Task Change_OneClientReadsNothing_TheOtherGetsItAtOnce()
    {
        var (stuck, healthy) = (Watch("stuck"), Watch("healthy"));
        for (var i = 0; i < 100; i++)
        {
            Change($"State{i}");
            await healthy.ReadUntilAsync($"State{i}");
        }

        Assert.Equal(1, _outboxes.Find("stuck")!.PendingCount);
        Assert.False(stuck.Connection.ConnectionAborted.IsCancellationRequested);
    }

    [Fact]
    public async Task Client_ThatReadsNothingForTenSeconds_IsClosedAndTheOtherIsNot()
    {
        var (stuck, healthy) = (Watch("stuck"), Watch("healthy"));
        Change("Busy");
        await healthy.ReadUntilAsync("Busy");
        Change("Away");
        await healthy.ReadUntilAsync("Away");
        await Client.WaitUntilBlockedAsync(_outboxes.Find("stuck")!);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await Client.WaitUntilIdleAsync(_outboxes.Find("healthy")!);
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = stuck.Connection.ConnectionAborted.Register(() => aborted.TrySetResult());

        _time.Advance(TimeSpan.FromSeconds(9));
        _fanout.CloseStuckOnce();
        Assert.False(stuck.Connection.ConnectionAborted.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(2));
        _fanout.CloseStuckOnce();

        await aborted.Task.WaitAsync(Timeout);
        Assert.False(healthy.Connection.ConnectionAborted.IsCancellationRequested);
    }

    [Fact]
    public async Task DrainAll_ChangesWaiting_AreSentBeforeTheNotice()
    {
        var client = Watch("client");
        Change("Busy");
        _fanout.DrainAll(TimeSpan.FromSeconds(10));

        var sent = await client.ReadUntilAsync("Draining");

        Assert.True(
            sent.IndexOf("Busy", StringComparison.Ordinal) < sent.IndexOf("Draining", StringComparison.Ordinal)
        );
        Assert.Matches("\"reconnectAfterMs\":[0-9]{1,5}}", sent);
    }

    [Fact]
    public async Task Change_AfterUnwatch_IsNotSent()
    {
        var (leaving, staying) = (Watch("leaving"), Watch("staying"));
        Change("Busy");
        await leaving.ReadUntilAsync("Busy");

        leaving.List.Remove([Ada]);
        Change("Away");
        await staying.ReadUntilAsync("Away");
        _fanout.DrainAll(TimeSpan.Zero);

        Assert.DoesNotContain("Away", await leaving.ReadUntilAsync("Draining"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_OneWatcher_IsToldAndGetsNothingMoreAndTheOtherDoes()
    {
        var (denied, allowed) = (Watch("denied"), Watch("allowed"));
        Change("Busy");
        await denied.ReadUntilAsync("Busy");

        denied.List.Revoke([Ada]);
        await denied.ReadUntilAsync("Revoked");
        Change("Secret");
        await allowed.ReadUntilAsync("Secret");
        _fanout.DrainAll(TimeSpan.Zero);

        Assert.DoesNotContain("Secret", await denied.ReadUntilAsync("Draining"), StringComparison.Ordinal);
    }

    private void Change(string availability)
    {
        _revision++;
        _partition.TryFollow(Message(100, _partition.Position.Offset + 1, Of(Ada, availability, 100, _revision)));
    }

    private Client Watch(string connectionId)
    {
        if (_partition.Position.Epoch is 0)
        {
            _partition.Relist([], Listing(100, 0), staleBefore: 0);
        }

        var client = new Client(connectionId, _outboxes, _index);
        client.List.Add([Ada]);

        // The answer to the call: the first entry of a subject is in it and is not pushed besides.
        _partition.Answer([Ada], Listing(100, _partition.Position.Offset, [null]), staleBefore: 0);
        return client;
    }

    private sealed class Client
    {
        private readonly StringBuilder _received = new();
        private readonly Pipe _toClient = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        private readonly DefaultConnectionContext _transport;

        public Client(string connectionId, Outboxes outboxes, InterestIndex index)
        {
            _transport = new DefaultConnectionContext(
                connectionId,
                new Duplex(new Pipe().Reader, _toClient.Writer),
                new Duplex(_toClient.Reader, new Pipe().Writer)
            );
            Connection = new JsonConnection(_transport);
            List = new WatchList(connectionId, default, 100, index, outboxes.Open(Connection, maxFrameBytes: 4096));
        }

        public HubConnectionContext Connection { get; }

        public WatchList List { get; }

        public async Task<string> ReadUntilAsync(string part)
        {
            while (!_received.ToString().Contains(part, StringComparison.Ordinal))
            {
                var read = await _toClient.Reader.ReadAsync().AsTask().WaitAsync(Timeout);
                _received.Append(Encoding.UTF8.GetString(read.Buffer));
                _toClient.Reader.AdvanceTo(read.Buffer.End);
            }

            return _received.ToString();
        }

        public static Task WaitUntilBlockedAsync(Outbox outbox) => WaitAsync(() => outbox.PendingCount > 0);

        /// <summary>The client may have read what the hub has not finished writing. Needs some time to have passed
        /// since it began.</summary>
        public static Task WaitUntilIdleAsync(Outbox outbox) => WaitAsync(() => outbox.WaitingFor == TimeSpan.Zero);

        private static async Task WaitAsync(Func<bool> holds)
        {
            using var timeout = new CancellationTokenSource(Timeout);
            while (!holds())
            {
                await Task.Yield();
                timeout.Token.ThrowIfCancellationRequested();
            }
        }
    }

    private sealed class JsonConnection(ConnectionContext transport)
        : HubConnectionContext(
            transport,
            new HubConnectionContextOptions { KeepAliveInterval = TimeSpan.FromMinutes(1) },
            NullLoggerFactory.Instance
        )
    {
        private static readonly JsonHubProtocol Json = new();

        public override IHubProtocol Protocol => Json;
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class Meters : IMeterFactory
    {
        private readonly List<Meter> _created = [];

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(options);
            _created.Add(meter);
            return meter;
        }

        public void Dispose() => _created.ForEach(meter => meter.Dispose());
    }
}
