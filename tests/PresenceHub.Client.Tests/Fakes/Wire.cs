using System.Globalization;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests.Fakes;

internal static class Wire
{
    public static readonly string A = Id(0xa);
    public static readonly string B = Id(0xb);
    public static readonly string C = Id(0xc);

    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public static string Id(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{number:x12}");

    public static PresenceEntry Entry(string id, long revision, string freshness = Freshness.Live, long epoch = 1) =>
        new(id, "Busy", "InACall", freshness, Noon, Noon, epoch, revision);

    public static WatchResult Result(string cursor, params PresenceEntry[] entries) => new(entries, [], cursor);

    public static WatchResult Rejection(string cursor, string reason, params string[] ids) =>
        new([], [.. ids.Select(id => new RejectedSubject(id, reason))], cursor);

    public static PresenceHubException Error(string code, TimeSpan? retryAfter = null) =>
        new(code, "refused", retryAfter: retryAfter);
}
