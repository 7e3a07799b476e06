using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>
/// The maximum size of a message of a client, and of the body of a read over HTTP. A call with the largest number of
/// ids fits, however its JSON is formatted.
/// </summary>
internal static class MessageSize
{
    /// <summary>
    /// 36 characters, quotes and a comma are 39 bytes in JSON, and an id is 38 bytes in MessagePack. The rest is for
    /// line breaks and indentation.
    /// </summary>
    internal const int BytesPerId = 64;

    /// <summary>Space for the names of the method and the fields, the invocation id and the cursor.</summary>
    private const int EnvelopeBytes = 4 * 1024;

    private const int Smallest = 64 * 1024;

    public static int MaxBytes(WatchListOptions limits) =>
        Math.Max(Smallest, (limits.MaxIdsPerCall * BytesPerId) + EnvelopeBytes);
}
