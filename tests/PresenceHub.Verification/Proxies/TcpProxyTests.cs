using System.Diagnostics;
using System.Net.Sockets;
using PresenceHub.Testing.Proxies;

namespace PresenceHub.Verification.Proxies;

public sealed class TcpProxyTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly EchoServer _server = new('A');
    private readonly EchoServer _other = new('B');
    private readonly CancellationTokenSource _timeout = new(Deadline);
    private TcpProxy _proxy = null!;

    public Task InitializeAsync()
    {
        _proxy = new TcpProxy(_server.Address);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
        await _other.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task Forward_WithoutFaults_KeepsEveryByteAndTheEnd()
    {
        using var client = await ConnectAsync();
        var sent = new byte[300_000];
        new Random(1).NextBytes(sent);

        var sending = client.Stream.WriteAsync(sent, _timeout.Token).AsTask();
        var received = await ReadAsync(client, sent.Length);
        await sending;
        client.Client.Client.Shutdown(SocketShutdown.Send);

        Assert.Equal(sent, received);
        Assert.Equal(0, await client.Stream.ReadAsync(new byte[1], _timeout.Token));
    }

    [Fact]
    public async Task Latency_WithJitter_DelaysAndKeepsTheOrder()
    {
        using var client = await ConnectAsync();
        _proxy.ToServer = new WireFault
        {
            Latency = TimeSpan.FromMilliseconds(150),
            Jitter = TimeSpan.FromMilliseconds(100),
        };
        var watch = Stopwatch.StartNew();

        for (byte i = 0; i < 20; i++)
        {
            await client.Stream.WriteAsync(new[] { i }, _timeout.Token);
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => (byte)i), await ReadAsync(client, 20));
        Assert.True(watch.Elapsed >= TimeSpan.FromMilliseconds(150), $"It took {watch.Elapsed} only");
    }

    [Fact]
    public async Task Slices_OfThreeBytes_KeepEveryByte()
    {
        using var client = await ConnectAsync();
        _proxy.ToClient = new WireFault { SliceBytes = 3 };
        var sent = Enumerable.Range(0, 1000).Select(i => (byte)i).ToArray();

        await client.Stream.WriteAsync(sent, _timeout.Token);

        var first = new byte[sent.Length];
        var count = await client.Stream.ReadAsync(first, _timeout.Token);
        Assert.Equal(sent, first[..count].Concat(await ReadAsync(client, sent.Length - count)));
        Assert.Equal(WireFault.None, _proxy.ToServer);
    }

    [Fact]
    public async Task Bandwidth_OfTenThousandBytesPerSecond_IsNotExceeded()
    {
        using var client = await ConnectAsync();
        _proxy.ToServer = new WireFault { BytesPerSecond = 10_000 };
        var watch = Stopwatch.StartNew();

        await client.Stream.WriteAsync(new byte[5_000], _timeout.Token);
        await ReadAsync(client, 5_000);

        Assert.True(watch.Elapsed >= TimeSpan.FromMilliseconds(450), $"It took {watch.Elapsed} only");
    }

    [Fact]
    public async Task BlackHole_UntilCleared_TakesConnectionsAndForwardsNothing()
    {
        using var present = await ConnectAsync();
        _proxy.BlackHole();
        using var late = await ConnectAsync(greeted: false);
        await present.Stream.WriteAsync("hello"u8.ToArray(), _timeout.Token);
        var answer = ReadAsync(present, 5);
        var greeting = ReadAsync(late, 1);
        await AssertSilentAsync(Task.WhenAny(answer, greeting));

        _proxy.Clear();

        Assert.Equal("hello"u8.ToArray(), await answer);
        Assert.Equal("A"u8.ToArray(), await greeting);
    }

    [Fact]
    public async Task HalfOpen_ReturnPath_IsSilent()
    {
        using var client = await ConnectAsync();
        _proxy.ToClient = new WireFault { IsSilent = true };

        await client.Stream.WriteAsync("hello"u8.ToArray(), _timeout.Token);
        var answer = ReadAsync(client, 5);
        await _server.Received.FirstAsync(count => count > 0);
        await AssertSilentAsync(answer);
        _proxy.ToClient = WireFault.None;

        Assert.Equal("hello"u8.ToArray(), await answer);
    }

    [Fact]
    public async Task Reset_EndsConnectionsAndTakesNewOnes()
    {
        using var client = await ConnectAsync();

        _proxy.ResetAll();

        await AssertLostAsync(client);
        using var next = await ConnectAsync();
    }

    [Fact]
    public async Task Cut_RefusesConnectionsUntilCleared()
    {
        using var client = await ConnectAsync();

        _proxy.Cut();

        await AssertLostAsync(client);
        var refusal = await Record.ExceptionAsync(async () => (await ConnectAsync()).Dispose());
        Assert.True(refusal is SocketException or IOException, $"It was {refusal}");

        _proxy.Mend();
        using var next = await ConnectAsync();
    }

    [Fact]
    public async Task Cut_OfASilentConnection_EndsIt()
    {
        using var client = await ConnectAsync();
        _proxy.BlackHole();

        _proxy.Cut();

        await AssertLostAsync(client);
    }

    [Fact]
    public async Task PointTo_NewServer_TakesNewConnectionsOnly()
    {
        using var present = await ConnectAsync();

        _proxy.PointTo(_other.Address);

        using var next = await ConnectAsync('B');
        await present.Stream.WriteAsync("still"u8.ToArray(), _timeout.Token);
        Assert.Equal("still"u8.ToArray(), await ReadAsync(present, 5));
    }

    [Fact]
    public async Task PointTo_Several_RotatesAndSkipsOneThatRefuses()
    {
        var dead = new EchoServer('D');
        var deadAddress = dead.Address;
        await dead.DisposeAsync();
        _proxy.PointTo(_server.Address, deadAddress, _other.Address);
        var letters = new List<byte>();

        for (var i = 0; i < 6; i++)
        {
            using var client = await ConnectAsync(greeted: false);
            letters.AddRange(await ReadAsync(client, 1));
        }

        Assert.Equal("AB"u8.ToArray(), letters.Distinct().Order());
    }

    private async Task<Connection> ConnectAsync(char letter = 'A', bool greeted = true)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(_proxy.Address.Host, _proxy.Address.Port, _timeout.Token);
        var connection = new Connection(client);
        if (greeted)
        {
            Assert.Equal([(byte)letter], await ReadAsync(connection, 1));
        }

        return connection;
    }

    private async Task<byte[]> ReadAsync(Connection connection, int count)
    {
        var bytes = new byte[count];
        await connection.Stream.ReadExactlyAsync(bytes, _timeout.Token);
        return bytes;
    }

    private async Task AssertSilentAsync(Task heard) =>
        await Assert.ThrowsAsync<TimeoutException>(() =>
            heard.WaitAsync(TimeSpan.FromMilliseconds(300), TimeProvider.System, _timeout.Token)
        );

    private async Task AssertLostAsync(Connection connection) =>
        await Assert.ThrowsAsync<IOException>(async () =>
            await connection.Stream.ReadExactlyAsync(new byte[1], _timeout.Token)
        );

    private sealed record Connection(TcpClient Client) : IDisposable
    {
        public NetworkStream Stream { get; } = Client.GetStream();

        public void Dispose() => Client.Dispose();
    }
}
