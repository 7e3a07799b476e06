using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PresenceHub.Testing.Proxies;

/// <summary>
/// A TCP proxy on loopback that puts faults on its connections, present and new ones alike. With several targets it is
/// a load balancer: connections go to each in turn, and past one that refuses them.
/// </summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> _open = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Wire _toServer;
    private readonly Wire _toClient;
    private readonly Task _accepting;
    private volatile DnsEndPoint[] _targets;
    private volatile bool _isCut;
    private int _turn;

    public TcpProxy(Uri target, IPubSubFault? fault = null, int seed = 0)
    {
        _targets = [EndPointOf(target)];
        _toServer = new Wire(new Random(seed));
        _toClient = new Wire(new Random(seed), fault is null ? null : fault.NewStream);
        _listener.Start();
        Address = new UriBuilder(target) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>What lies on the way to the target.</summary>
    public WireFault ToServer
    {
        get => _toServer.Fault;
        set => _toServer.Fault = value;
    }

    /// <summary>What lies on the way back.</summary>
    public WireFault ToClient
    {
        get => _toClient.Fault;
        set => _toClient.Fault = value;
    }

    /// <summary>Takes connections and bytes and forwards nothing, in either direction.</summary>
    public void BlackHole() => ToServer = ToClient = new WireFault { IsSilent = true };

    /// <summary>Ends every fault but a cut. What was held up goes on.</summary>
    public void Clear() => ToServer = ToClient = WireFault.None;

    /// <summary>Resets every connection and refuses new ones until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        _isCut = true;
        ResetAll();
    }

    public void Mend() => _isCut = false;

    /// <summary>Resets every connection; new ones are welcome.</summary>
    public void ResetAll()
    {
        foreach (var socket in _open.Keys)
        {
            Reset(socket);
        }
    }

    /// <summary>New connections go there, as behind a load balancer; present ones stay.</summary>
    public void PointTo(params IEnumerable<Uri> targets) => _targets = [.. targets.Select(EndPointOf)];

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Cut();
        await _accepting;
        _listener.Stop();
        _stopping.Dispose();
    }

    private static DnsEndPoint EndPointOf(Uri target) => new(target.Host, target.Port);

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        var relays = new HashSet<Task>();
        try
        {
            while (true)
            {
                relays.RemoveWhere(relay => relay.IsCompleted);
                relays.Add(RelayAsync(await _listener.AcceptSocketAsync(_stopping.Token)));
            }
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        Task[] pumps = [];
        Socket? server = null;
        _open[client] = true;
        try
        {
            if (_isCut)
            {
                return;
            }

            server = await ConnectAsync();
            _open[server] = true;
            if (_isCut)
            {
                return;
            }

            client.NoDelay = server.NoDelay = true;
            pumps =
            [
                _toServer.PumpAsync(client, server, ended.Token),
                _toClient.PumpAsync(server, client, ended.Token),
            ];
            await await Task.WhenAny(pumps);
            await Task.WhenAll(pumps);
        }
        catch (Exception exception)
            when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side is gone: so is the other.
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(pumps).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Forget(client);
            if (server is not null)
            {
                Forget(server);
            }
        }
    }

    private void Forget(Socket socket)
    {
        Reset(socket);
        _open.TryRemove(socket, out _);
    }

    private async Task<Socket> ConnectAsync()
    {
        var targets = _targets;
        for (var attempt = 1; ; attempt++)
        {
            var target = targets[(int)((uint)Interlocked.Increment(ref _turn) % targets.Length)];
            var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await server.ConnectAsync(target, _stopping.Token);
                return server;
            }
            catch (SocketException) when (attempt < targets.Length)
            {
                server.Dispose();
            }
            catch
            {
                server.Dispose();
                throw;
            }
        }
    }
}
