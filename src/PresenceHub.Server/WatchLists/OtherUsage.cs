namespace PresenceHub.Server.WatchLists;

/// <summary>The last report of another node about a watcher.</summary>
/// <param name="Told">Grows with each report. If it stops, the node is dead or has nothing to report.</param>
/// <param name="Ids">Ids of calls since that node started to count.</param>
/// <param name="ColdIds">Cold ids of calls since then.</param>
/// <param name="IdsInUse">The part of <paramref name="Ids"/> that the quota has not returned yet.</param>
/// <param name="ColdIdsInUse">The part of <paramref name="ColdIds"/> that the quota has not returned yet.</param>
/// <param name="SeenAt">The timestamp of this node when <paramref name="Told"/> changed last.</param>
internal readonly record struct OtherUsage(
    long Told,
    int Connections,
    int WatchedIds,
    long Ids,
    long ColdIds,
    long IdsInUse,
    long ColdIdsInUse,
    long SeenAt
)
{
    private const int Fields = 7;

    /// <summary>Whether this node has charged the watcher for the report.</summary>
    public bool IsCharged { get; init; }

    /// <summary>The form in Redis: decimal numbers separated by colons.</summary>
    public static string Write(WatcherUsage usage) =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{usage.Told}:{usage.Connections}:{usage.WatchedIds}:{usage.Ids.Taken}:{usage.ColdIds.Taken}:{usage.Ids.InUse}:{usage.ColdIds.InUse}"
        );

    public static bool TryParse(string text, long seenAt, out OtherUsage usage)
    {
        var numbers = text.Split(':')
            .Select(part => long.TryParse(part, out var number) ? number : (long?)null)
            .OfType<long>()
            .ToArray();
        usage =
            numbers.Length is Fields
                ? new OtherUsage(
                    numbers[0],
                    Bounded(numbers[1]),
                    Bounded(numbers[2]),
                    numbers[3],
                    numbers[4],
                    numbers[5],
                    numbers[6],
                    seenAt
                )
                : default;
        return numbers.Length is Fields;
    }

    private static int Bounded(long number) => (int)Math.Clamp(number, 0, int.MaxValue / 2);
}
