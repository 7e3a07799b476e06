using System.Runtime.CompilerServices;
using System.Text.Json;

namespace PresenceHub.Client.Tests.ContractCases;

/// <summary>The contract cases of <c>clients/contract-cases</c>.</summary>
internal static class CaseFiles
{
    public static IReadOnlyList<string> Topics => [.. Directory.EnumerateFiles(Folder(), "*.json").Select(TopicOf)];

    public static IReadOnlyList<CaseObject> Read(string topic)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(), $"{topic}.json")));
        var file = new CaseObject(document.RootElement.Clone());
        Assert.Equal(topic, file.Text("topic"));
        var cases = file.Objects("cases");
        file.AssertRead();
        return cases;
    }

    private static string TopicOf(string path) => Path.GetFileNameWithoutExtension(path);

    private static string Folder([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..", "clients", "contract-cases"));
}
