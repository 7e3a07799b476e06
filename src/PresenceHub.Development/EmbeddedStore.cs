using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Garnet;

namespace PresenceHub.Development;

/// <summary>A Redis-compatible server in this process. It listens on loopback and holds its data in memory
/// only.</summary>
internal sealed class EmbeddedStore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly int _port = FindFreePort();

    /// <summary>Null after a restart that failed.</summary>
    private GarnetServer? _server;
    private bool _isDisposed;

    public EmbeddedStore()
    {
        _server = Start(_port);

        // It shares the processor with its client, so a slow answer does not mean an outage.
        ConnectionString = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port},asyncTimeout=5000");
    }

    public string ConnectionString { get; }

    /// <summary>Stops the server and starts it again at the same address, without its data: what clients see of a
    /// restarted Redis that persists nothing.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _server?.Dispose();
            _server = null;
            _server = Start(_port);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _server?.Dispose();
        }
    }

    private static GarnetServer Start(int port)
    {
        var server = new GarnetServer([
            "--bind",
            "127.0.0.1",
            "--port",
            port.ToString(CultureInfo.InvariantCulture),
            // Without transaction mode a script's commands can interleave with those of others.
            "--lua",
            "--lua-transaction-mode",
            // Garnet silently drops a message larger than a page; a full batch of changes is about 30 KB.
            "--pubsub-pagesize",
            "512k",
            "--memory",
            "128m",
            "--index",
            "8m",
            "-q",
        ]);
        server.Start();
        return server;
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
