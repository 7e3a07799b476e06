using System.Text.Json;

namespace PresenceHub.FunctionalTests.Hubs;

/// <summary>The settings file of a server, in which an operator changes the policy while the server runs.</summary>
internal sealed class PolicyFile : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("presencehub-policy").FullName;

    public PolicyFile()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        Write();
    }

    public string Path => System.IO.Path.Combine(_directory, "config", "presencehub.json");

    public IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>
        {
            ["ASPNETCORE_CONTENTROOT"] = _directory,
            ["Fanout__BookmarkPeriod"] = "00:00:00.200",

            // A review that comes by itself would hide that the change was not noticed.
            ["WatchPolicy__ReviewPeriod"] = "01:00:00",
        };

    public void Hide(params string[] subjects) => Write(subjects);

    public void Deny(string watcher) => Write([], watcher);

    /// <summary>A mistake that .NET takes for an empty file as soon as another one changes.</summary>
    public void Break()
    {
        WriteText("{ \"WatchPolicy\": ");
        File.WriteAllText(System.IO.Path.Combine(_directory, "appsettings.json"), "{}");
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private void Write(string[]? hiddenSubjects = null, params string[] deniedWatchers) =>
        WriteText(
            JsonSerializer.Serialize(
                new { WatchPolicy = new { HiddenSubjects = hiddenSubjects ?? [], DeniedWatchers = deniedWatchers } }
            )
        );

    // As an operator should: no reader ever sees half of it.
    private void WriteText(string text)
    {
        File.WriteAllText($"{Path}.new", text);
        File.Move($"{Path}.new", Path, overwrite: true);
    }
}
