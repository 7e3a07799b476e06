using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// Limits the socket buffer of a slow client, so that entries wait where newer ones can still replace them.
/// </summary>
internal static class SendBufferExtensions
{
    /// <summary>
    /// Bytes that may wait unsent in the socket of a connection. By default Linux buffers up to 4 MB (<c>tcp_wmem</c>)
    /// for a client that reads nothing: the client would have to read old states first, and no other limit covers the
    /// memory.
    /// </summary>
    private const int MaxUnsentBytes = 64 * 1024;

    // <netinet/tcp.h> of Linux; .NET has no name for it.
    private const int TcpLevel = 6,
        NotSentLowWater = 25;

    /// <summary>On other systems than Linux, the limit of the system applies.</summary>
    public static IServiceCollection AddSendBufferLimit(this IServiceCollection services) =>
        services.Configure<SocketTransportOptions>(transport =>
        {
            var create = transport.CreateBoundListenSocket;
            transport.CreateBoundListenSocket = endPoint =>
            {
                var socket = create(endPoint);
                if (OperatingSystem.IsLinux() && socket.ProtocolType is ProtocolType.Tcp)
                {
                    Limit(socket);
                }

                return socket;
            };
        });

    private static void Limit(Socket socket)
    {
        try
        {
            // Connections inherit the options of the socket that accepts them.
            socket.SetRawSocketOption(TcpLevel, NotSentLowWater, BitConverter.GetBytes(MaxUnsentBytes));
        }
        catch (SocketException)
        {
            // A sandbox may not support the option; the limit of the system then applies.
        }
    }
}
