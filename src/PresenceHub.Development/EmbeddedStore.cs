using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Garnet;

namespace PresenceHub.Development;

/// <summary>A Redis-compatible server in this process. It listens on loopback and holds its data in memory
/// only.</summary>
internal sealed class EmbeddedStore : IDisposable
{
    private readonly GarnetServer _server;

    public EmbeddedStore()
    {
        var port = FindFreePort();
        _server = new GarnetServer([
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
        _server.Start();

        // It shares the processor with its client, so a slow answer does not mean an outage.
        ConnectionString = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port},asyncTimeout=5000");
    }

    public string ConnectionString { get; }

    public void Dispose() => _server.Dispose();

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
