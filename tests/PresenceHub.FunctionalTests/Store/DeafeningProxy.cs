using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PresenceHub.FunctionalTests.Store;

/// <summary>
/// Stands in front of a Redis that has forgotten the subscriptions of its connections without closing them: everything is answered,
/// pings too, but no announcement comes, until the client subscribes again.
/// </summary>
internal sealed class DeafeningProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Link> _links = [];
    private readonly int _target;
    private readonly Task _accepting;

    public DeafeningProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public int DeafLinks
    {
        get
        {
            lock (_links)
            {
                return _links.Count(link => link.IsDeaf);
            }
        }
    }

    /// <summary>While set, subscribing again does not help.</summary>
    public bool StaysDeaf { get; set; }

    /// <summary>Every link that has subscribed loses its subscriptions.</summary>
    public void Deafen()
    {
        lock (_links)
        {
            foreach (var link in _links.Where(link => link.HasSubscribed))
            {
                link.IsDeaf = true;
            }
        }
    }

    /// <summary>From every link that has subscribed nothing comes any more; it stays open.</summary>
    public void Swallow()
    {
        lock (_links)
        {
            foreach (var link in _links.Where(link => link.HasSubscribed))
            {
                link.IsSwallowed = true;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var relays = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stopping.Token);
                var link = new Link(this);
                lock (_links)
                {
                    _links.Add(link);
                }

                relays.Add(RelayAsync(client, link));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(Socket client, Link link)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target);
                await Task.WhenAny(PumpAsync(client, server, link.PassesRequest), PumpAsync(server, client, link.PassesAnswer));
            }
            catch (SocketException)
            {
                // The server behind is gone: so is this link.
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Func<ReadOnlySpan<byte>, bool> passes)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer, _stopping.Token)) > 0)
            {
                if (passes(buffer.AsSpan(0, count)))
                {
                    await to.SendAsync(buffer.AsMemory(0, count), _stopping.Token);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side is gone.
        }
    }

    private sealed class Link(DeafeningProxy proxy)
    {
        private volatile bool _hasSubscribed;
        private volatile bool _isDeaf;
        private volatile bool _isSwallowed;

        public bool HasSubscribed => _hasSubscribed;

        public bool IsDeaf
        {
            get => _isDeaf;
            set => _isDeaf = value;
        }

        public bool IsSwallowed
        {
            get => _isSwallowed;
            set => _isSwallowed = value;
        }

        public bool PassesRequest(ReadOnlySpan<byte> bytes)
        {
            // With its length in front: UNSUBSCRIBE ends in the same letters.
            if (bytes.IndexOf("$9\r\nSUBSCRIBE"u8) >= 0)
            {
                _hasSubscribed = true;
                _isDeaf &= proxy.StaysDeaf;
            }

            return true;
        }

        // Redis writes an announcement as a whole, so that none is split between two reads here.
        public bool PassesAnswer(ReadOnlySpan<byte> bytes) => !_isSwallowed && (!_isDeaf || bytes.IndexOf("$7\r\nmessage\r\n"u8) < 0);
    }
}
