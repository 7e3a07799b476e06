using System.Text.Json;
using PresenceHub.Fleet.Scenarios;

namespace PresenceHub.Fleet.Reporting;

/// <summary>Writes the result: JSON for programs, HTML for people.</summary>
internal static class ResultFiles
{
    /// <summary>Writes both files into a directory, which is created if needed, and returns their paths.</summary>
    public static async Task<(string Json, string Html)> WriteAsync(RunResult result, string directory)
    {
        var json = Path.Combine(directory, "result.json");
        var html = Path.Combine(directory, "report.html");
        await File.WriteAllTextAsync(json, JsonSerializer.Serialize(result, ScenarioFile.Json));
        await File.WriteAllTextAsync(html, HtmlReport.Write(result));
        return (json, html);
    }

    /// <summary>Checks before a long run that its result can be written.</summary>
    public static void Prepare(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            var probe = Path.Combine(directory, "result.json");
            using var file = File.Open(probe, FileMode.OpenOrCreate, FileAccess.Write);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FleetException(
                $"The result cannot be written to {directory} ({exception.Message}): name another directory with "
                    + "--output.",
                exception
            );
        }
    }
}
