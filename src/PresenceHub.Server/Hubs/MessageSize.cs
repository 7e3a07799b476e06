using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>
/// How large a message of a client, or the body of a read over HTTP, may be. A call with as many ids as one may carry
/// fits, however its JSON is laid out.
/// </summary>
internal static class MessageSize
{
    /// <summary>
    /// 36 characters, quotes and comma make 39 bytes in JSON, and 38 in MessagePack; the rest is line breaks and
    /// indentation.
    /// </summary>
    internal const int BytesPerId = 64;

    /// <summary>The names of method and fields, the invocation id and the cursor.</summary>
    private const int EnvelopeBytes = 4 * 1024;

    private const int Smallest = 64 * 1024;

    public static int MaxBytes(WatchListOptions limits) =>
        Math.Max(Smallest, (limits.MaxIdsPerCall * BytesPerId) + EnvelopeBytes);
}
