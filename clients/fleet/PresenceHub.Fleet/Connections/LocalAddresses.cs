using System.Net;

namespace PresenceHub.Fleet.Connections;

/// <summary>
/// Source addresses for connections to loopback. One address has about 28,000 ports towards one server; 127.0.0.0/8 has
/// addresses enough for any number of connections.
/// </summary>
internal sealed class LocalAddresses
{
    private const int ConnectionsPerAddress = 20_000;
    private const int FirstHost = 2;
    private const int MostAddresses = 250;

    private readonly IPAddress[] _addresses;

    private LocalAddresses(IPAddress[] addresses) => _addresses = addresses;

    /// <summary>The system chooses the source address of every connection.</summary>
    public static LocalAddresses Automatic { get; } = new([]);

    /// <summary>As many loopback addresses as the connections need; other targets leave the choice to the system.</summary>
    public static LocalAddresses For(IPAddress target, int connections)
    {
        if (!IPAddress.IsLoopback(target) || target.AddressFamily is not System.Net.Sockets.AddressFamily.InterNetwork)
        {
            return Automatic;
        }

        var needed = Math.Clamp(1 + ((connections - 1) / ConnectionsPerAddress), 1, MostAddresses);
        return new([.. Enumerable.Range(FirstHost, needed).Select(host => new IPAddress([127, 0, 0, (byte)host]))]);
    }

    /// <summary>The source address of the n-th connection; null when the system chooses.</summary>
    public IPAddress? Of(int connection) => _addresses.Length is 0 ? null : _addresses[connection % _addresses.Length];
}
