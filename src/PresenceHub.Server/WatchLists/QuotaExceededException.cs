using System.Globalization;

namespace PresenceHub.Server.WatchLists;

/// <summary>A call that exceeds a quota of its watcher. It can be repeated later.</summary>
/// <param name="limit">The name of the quota, for programs.</param>
/// <param name="text">The message, for people.</param>
/// <param name="retryAfter">How long until the call would be granted.</param>
internal sealed class QuotaExceededException(string limit, string text, TimeSpan retryAfter) : Exception(text)
{
    public const string CallsPerSecond = "callsPerSecond";
    public const string IdsPerSecond = "idsPerSecond";
    public const string ColdIdsPerMinute = "coldIdsPerMinute";
    public const string PeopleRequestsPerMinute = "peopleRequestsPerMinute";
    public const string Connects = "connects";
    public const string Connections = "connections";

    public string Limit { get; } = limit;

    public TimeSpan RetryAfter { get; } = retryAfter;

    public static QuotaExceededException Ids(int perSecond, TimeSpan retryAfter) =>
        new(
            IdsPerSecond,
            string.Create(CultureInfo.InvariantCulture, $"this user asks for more than {perSecond} ids per second"),
            retryAfter
        );

    /// <summary>Another connection is possible when one has closed, which the hub cannot foresee.</summary>
    public static QuotaExceededException TooManyConnections() =>
        new(Connections, "this user holds as many connections as it may", TimeSpan.FromMinutes(1));

    public static QuotaExceededException ColdIds(int perMinute, TimeSpan retryAfter) =>
        new(
            ColdIdsPerMinute,
            string.Create(
                CultureInfo.InvariantCulture,
                $"this user asks for more than {perMinute} ids per minute that the hub does not hold"
            ),
            retryAfter
        );

    public static QuotaExceededException PeopleRequests(int perMinute, TimeSpan retryAfter) =>
        new(
            PeopleRequestsPerMinute,
            string.Create(
                CultureInfo.InvariantCulture,
                $"this user causes more than {perMinute} requests for people per minute to Graph"
            ),
            retryAfter
        );
}
