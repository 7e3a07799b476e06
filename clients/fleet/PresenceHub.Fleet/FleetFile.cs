namespace PresenceHub.Fleet;

/// <summary>Input files: one item a line; blank lines and lines that begin with # are comments.</summary>
internal static class FleetFile
{
    public static async Task<IReadOnlyList<string>> ReadLinesAsync(
        string path,
        string content,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var lines = await File.ReadAllLinesAsync(path, cancellationToken);
            string[] items = [.. lines.Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];
            return items.Length > 0
                ? items
                : throw new FleetException($"The file of {content} {path} is empty: write one a line.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FleetException(
                $"The file of {content} {path} cannot be read: check the path and its permissions.",
                exception
            );
        }
    }
}
