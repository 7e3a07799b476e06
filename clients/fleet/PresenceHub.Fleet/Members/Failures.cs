using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using PresenceHub.Fleet.Connections;
using PresenceHub.Fleet.Hub;

namespace PresenceHub.Fleet.Members;

/// <summary>Classifies failures of connections and names their remedies.</summary>
internal static class Failures
{
    private const int Unauthorized = 401;
    private const int Forbidden = 403;
    private const int NotFound = 404;
    private const int TooManyRequests = 429;
    private const int ServiceUnavailable = 503;

    /// <summary>
    /// Whether an exception is a failure of a connection or the peer, rather than a defect of the tool.
    /// </summary>
    public static bool IsExpected(Exception exception) =>
        exception
            is IOException
                or SocketException
                or WebSocketException
                or ObjectDisposedException
                or AuthenticationException
                or OperationCanceledException
                or HttpRequestException
                or TimeoutException;

    /// <summary>Whether the hub asks the client to retry later.</summary>
    public static bool IsBusy(Exception exception) =>
        exception is UpgradeRefusedException { Status: ServiceUnavailable or TooManyRequests };

    public static bool IsUnauthorized(Exception exception) =>
        exception is UpgradeRefusedException { Status: Unauthorized };

    /// <summary>A short name, to count failures by.</summary>
    public static string KindOf(Exception exception) =>
        exception switch
        {
            UpgradeRefusedException refused => $"upgrade answered {refused.Status}",
            HubCallException call => $"call answered {call.Code}",
            HubClosedException closed => $"closed by the hub: {closed.Code}",
            HubHandshakeException => "handshake failed",
            HubProtocolException or WebSocketProtocolException => "protocol broken",
            AuthenticationException => "TLS failed",
            TimeoutException or OperationCanceledException => "timed out",
            _ => SocketErrorOf(exception) switch
            {
                SocketError.ConnectionRefused => "connection refused",
                SocketError.ConnectionReset or SocketError.Shutdown => "connection reset",
                SocketError.TooManyOpenSockets => "no file descriptor left",
                SocketError.AddressNotAvailable or SocketError.AddressAlreadyInUse => "no port left",
                SocketError.TimedOut => "timed out",
                SocketError.Success => "connection closed",
                var error => $"socket error {error}",
            },
        };

    /// <summary>The remedy for a failure that does not pass by itself, in one sentence; null for others.</summary>
    public static string? Sentence(Exception exception, Uri hub) =>
        exception switch
        {
            UpgradeRefusedException { Status: Unauthorized } =>
                $"{hub} does not accept the token: check that it is meant for this hub (audience, tenant, scope) and "
                    + "has not expired.",
            UpgradeRefusedException { Status: Forbidden } =>
                $"{hub} does not allow this token to connect: it lacks the hub's scope or app role.",
            UpgradeRefusedException { Status: NotFound } =>
                $"There is no presence hub at {hub}: give the base address of the server with --hub, such as "
                    + "http://localhost:5080.",
            UpgradeRefusedException { Status: not (ServiceUnavailable or TooManyRequests) } refused
                when refused.Status < 500 =>
                $"{hub} answered the WebSocket upgrade with {refused.Status}: check that proxies in between pass "
                    + "WebSockets on.",
            HubCallException when exception.Message.Contains("Unknown hub method", StringComparison.Ordinal) =>
                $"{hub} does not know the calls of the presence protocol, version 1 ({exception.Message}): use the "
                    + "tool of the hub's release.",
            HubHandshakeException { IsAboutVersion: true } =>
                $"{hub} speaks another version of the hub protocol than this tool ({exception.Message}): use the "
                    + "tool of the hub's release.",
            HubProtocolException or WebSocketProtocolException =>
                $"{hub} does not speak the presence protocol of this tool ({exception.Message}): use the tool of the "
                    + "hub's release.",
            AuthenticationException => $"The certificate of {hub} is not trusted: install its root, or allow it with "
                + "--trust-any-certificate on a test machine.",
            _ => SocketErrorOf(exception) switch
            {
                SocketError.TooManyOpenSockets => DescriptorLimit.Sentence,
                SocketError.AddressNotAvailable or SocketError.AddressAlreadyInUse =>
                    "No local port is left towards the hub: use fewer connections, several machines or hub "
                        + "addresses, or wait a minute for ports of an earlier run.",
                _ => null,
            },
        };

    /// <summary>
    /// The same for the first connection, when a hub that cannot be reached is a mistake rather than an outage.
    /// </summary>
    public static string? SentenceAtStart(Exception exception, Uri hub) =>
        Sentence(exception, hub)
        ?? SocketErrorOf(exception) switch
        {
            SocketError.ConnectionRefused =>
                $"Nothing listens at {hub}: start the hub, or name its address with --hub.",
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
                $"The name of {hub} cannot be resolved: check the address given with --hub.",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.TimedOut =>
                $"{hub} cannot be reached: check network and firewall.",
            _ => exception switch
            {
                OperationCanceledException or TimeoutException =>
                    $"{hub} did not answer in time: check that it is a presence hub and that it is ready "
                        + "(/health/ready).",
                HttpRequestException { StatusCode: { } status } =>
                    $"{hub} answered {(int)status}: check that it is a presence hub and that it is ready "
                        + "(/health/ready).",
                HttpRequestException =>
                    $"{hub} does not answer HTTP requests: check the address, and whether it is http or https.",
                IOException => $"{hub} closed the connection ({exception.Message}): check that it is a presence hub.",
                _ => null,
            },
        };

    private static SocketError SocketErrorOf(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException!)
        {
            if (cause is SocketException socket)
            {
                return socket.SocketErrorCode;
            }
        }

        return SocketError.Success;
    }
}
