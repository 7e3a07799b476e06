using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Garnet;

namespace PresenceHub.Server.Hosting;

/// <summary>A Redis-compatible server inside this process, on loopback, holding its data in memory only: for
/// development.</summary>
internal sealed class EmbeddedStore : IDisposable
{
    private readonly GarnetServer _server;

    public EmbeddedStore(ILoggerFactory? loggerFactory = null)
    {
        var port = FindFreePort();
        _server = new GarnetServer(
            [
                "--bind",
                "127.0.0.1",
                "--port",
                port.ToString(CultureInfo.InvariantCulture),
                // Without transaction mode a script's commands can interleave with those of others.
                "--lua",
                "--lua-transaction-mode",
                // A message larger than a page is dropped without a word; a full batch of changes has some 30 KB.
                "--pubsub-pagesize",
                "512k",
                "--memory",
                "128m",
                "--index",
                "8m",
                "-q",
            ],
            loggerFactory
        );
        _server.Start();

        // It shares the processor with its client: a busy moment is no outage.
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
