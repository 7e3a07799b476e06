using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace PresenceHub.Server.Hosting;

/// <summary>Keeps what a slow client has yet to take where it can still be replaced by something newer.</summary>
internal static class SendBufferExtensions
{
    /// <summary>
    /// Bytes that may wait unsent in the socket of a connection. By default Linux takes up to 4 MB (<c>tcp_wmem</c>)
    /// for a client that reads nothing: old states that it would have to read before the present one, in memory that no
    /// other limit counts.
    /// </summary>
    private const int MaxUnsentBytes = 64 * 1024;

    // <netinet/tcp.h> of Linux; .NET has no name for it.
    private const int TcpLevel = 6,
        NotSentLowWater = 25;

    /// <summary>Elsewhere than on Linux the system's own limit holds.</summary>
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
            // Connections take the options of the socket that accepts them.
            socket.SetRawSocketOption(TcpLevel, NotSentLowWater, BitConverter.GetBytes(MaxUnsentBytes));
        }
        catch (SocketException)
        {
            // A sandbox that does not know the option: the system's own limit holds.
        }
    }
}
