namespace PresenceHub.Fleet.Watching;

/// <summary>Watch lists from a file: one connection a line.</summary>
internal static class WatchListFile
{
    private static readonly char[] Separators = [',', ';', '\t', ' '];

    public static IReadOnlyList<int[]> Parse(IReadOnlyList<string> lines, string path, SubjectTable subjects) =>
        [.. lines.Select(line => ParseLine(line, path, subjects))];

    private static int[] ParseLine(string line, string path, SubjectTable subjects)
    {
        var numbers = new SortedSet<int>();
        foreach (var text in line.Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Guid.TryParseExact(text, "D", out var id) || !subjects.TryFind(id, out var subject))
            {
                throw new FleetException(
                    $"The file of watch lists {path} names '{text}', who is not among the people: add the id to "
                        + "--people, or remove it."
                );
            }

            numbers.Add(subject);
        }

        return [.. numbers];
    }
}
