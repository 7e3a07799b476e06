using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace PresenceHub.Server.Tests;

/// <summary>Data flows one way; the <c>using</c> lines of each folder show it.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Control"] = [],
        ["Store"] = ["Control"],
        ["WatchLists"] = ["Control"],
        ["Ingest"] = ["Control", "Store", "WatchLists"],
        ["Fanout"] = ["Control", "Store", "WatchLists"],
        ["Hubs"] = ["Control", "Store", "WatchLists", "Fanout"],
        ["Hosting"] = ["Control", "Store", "WatchLists", "Ingest", "Fanout", "Hubs"],
    };

    [Fact]
    public void Folders_UseOnlyWhatTheyMay()
    {
        var server = Path.Combine(SourceRoot(), "PresenceHub.Server");
        var offences =
            from folder in MayUse
            from file in Directory.EnumerateFiles(Path.Combine(server, folder.Key), "*.cs", SearchOption.AllDirectories)
            from Match use in ServerNamespace().Matches(File.ReadAllText(file))
            let used = use.Groups[1].Value
            where used != folder.Key && !folder.Value.Contains(used)
            select $"{Path.GetFileName(file)} in {folder.Key} uses {used}";

        Assert.Empty(offences);
    }

    [Fact]
    public void Folders_AreAllInTheTable()
    {
        var server = Path.Combine(SourceRoot(), "PresenceHub.Server");
        var folders = Directory.EnumerateDirectories(server).Select(path => Path.GetFileName(path)!)
            .Where(name => Directory.EnumerateFiles(Path.Combine(server, name), "*.cs").Any());

        Assert.Equal(MayUse.Keys.Order(), folders.Except(["bin", "obj"]).Order());
    }

    [Fact]
    public void Contracts_UseNothingOfTheServer()
    {
        var files = Directory.EnumerateFiles(Path.Combine(SourceRoot(), "PresenceHub.Contracts"), "*.cs", SearchOption.TopDirectoryOnly);

        Assert.DoesNotContain(files, file => File.ReadAllText(file).Contains("PresenceHub.Server", StringComparison.Ordinal));
    }

    private static string SourceRoot([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "src"));

    // Also catches a namespace written out in the middle of the code.
    [GeneratedRegex(@"PresenceHub\.Server\.(\w+)")]
    private static partial Regex ServerNamespace();
}
