using System.Net;
using System.Net.Sockets;
using PresenceHub.Testing;

namespace PresenceHub.Verification.Proxies;

/// <summary>Sends back what it gets, behind a letter that says which server it is.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly byte _letter;
    private readonly Task _accepting;

    public EchoServer(char letter)
    {
        _letter = (byte)letter;
        _listener.Start();
        Address = new UriBuilder("tcp", "127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port).Uri;
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>How many bytes came at a time.</summary>
    public Signals<int> Received { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(EchoAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task EchoAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                await stream.WriteAsync(new[] { _letter }, _stopping.Token);
                var buffer = new byte[16 * 1024];
                int count;
                while ((count = await stream.ReadAsync(buffer, _stopping.Token)) > 0)
                {
                    Received.Add(count);
                    await stream.WriteAsync(buffer.AsMemory(0, count), _stopping.Token);
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException)
            {
                // The test has gone.
            }
        }
    }
}
