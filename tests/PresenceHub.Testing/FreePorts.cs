using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PresenceHub.Testing;

/// <summary>
/// Ports for servers of the tests. A port belongs to the process that takes it until that process ends, so that no
/// other test gets it before its server starts, or while its server is down.
/// </summary>
public static class FreePorts
{
    /// <summary>
    /// Above are the second ports of Redis Cluster, 10,000 higher, then those of the npm package's tests, and then
    /// those that the system gives to outgoing connections.
    /// </summary>
    private const int First = 10_000,
        End = 20_000;

    /// <summary>Locks of this process. The system releases them when it ends, also by a kill.</summary>
    private static readonly ConcurrentBag<FileStream> Locks = [];

    /// <summary>One for each user, who cannot open the files of another.</summary>
    private static readonly string Folder = Directory
        .CreateDirectory(Path.Combine(Path.GetTempPath(), $"presencehub-ports-{Environment.UserName}"))
        .FullName;

    public static int Take()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            if (TryLock(port) && IsFree(port))
            {
                return port;
            }
        }
    }

    private static bool TryLock(int port)
    {
        try
        {
            var path = Path.Combine(Folder, port.ToString(CultureInfo.InvariantCulture));
            Locks.Add(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            return true;
        }
        catch (IOException)
        {
            // Another test has it.
            return false;
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
