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
        ["People"] = ["Control", "WatchLists", "Ingest", "Hubs"],
        ["Hosting"] = ["Control", "Store", "WatchLists", "Ingest", "Fanout", "Hubs", "People"],
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

    /// <summary>
    /// Inside a folder, too, its sub-folders use each other one way. Files that only compose the services of a folder
    /// may know all of it.
    /// </summary>
    [Fact]
    public void SubFolders_FormNoCycle()
    {
        var server = Path.Combine(SourceRoot(), "PresenceHub.Server");
        foreach (var folder in MayUse.Keys)
        {
            var uses = SubFolderUses(Path.Combine(server, folder));
            var below = new HashSet<string>();
            while (
                uses.FirstOrDefault(node => !below.Contains(node.Key) && node.Value.All(below.Contains)).Key is { } node
            )
            {
                below.Add(node);
            }

            Assert.Equal(
                [],
                uses.Where(node => !below.Contains(node.Key))
                    .Select(node => $"{folder}/{node.Key} uses {string.Join(", ", node.Value)}")
            );
        }
    }

    [Fact]
    public void Folders_AreAllInTheTable()
    {
        var server = Path.Combine(SourceRoot(), "PresenceHub.Server");
        var folders = Directory
            .EnumerateDirectories(server)
            .Select(path => Path.GetFileName(path)!)
            .Where(name => Directory.EnumerateFiles(Path.Combine(server, name), "*.cs").Any());

        Assert.Equal(MayUse.Keys.Order(), folders.Except(["bin", "obj"]).Order());
    }

    [Fact]
    public void Contracts_UseNothingOfTheServer()
    {
        var files = Directory.EnumerateFiles(
            Path.Combine(SourceRoot(), "PresenceHub.Contracts"),
            "*.cs",
            SearchOption.TopDirectoryOnly
        );

        Assert.NotEmpty(files);
        Assert.DoesNotContain(files, file =>
            File.ReadAllText(file).Contains("PresenceHub.Server", StringComparison.Ordinal)
        );
    }

    /// <summary>Which sub-folders of a folder use the types of which; <c>.</c> is the folder itself.</summary>
    private static Dictionary<string, HashSet<string>> SubFolderUses(string folder)
    {
        var files = Directory
            .EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith("Extensions.cs", StringComparison.Ordinal))
            .Select(path =>
                (
                    Node: Path.GetRelativePath(folder, Path.GetDirectoryName(path)!),
                    Code: Comment().Replace(File.ReadAllText(path), "")
                )
            )
            .ToArray();
        var homes = files
            .SelectMany(file => TypeDeclaration().Matches(file.Code).Select(type => (type.Groups[1].Value, file.Node)))
            .DistinctBy(type => type.Value)
            .ToDictionary(type => type.Value, type => type.Node);
        return files
            .GroupBy(file => file.Node)
            .ToDictionary(
                node => node.Key,
                node =>
                    node.SelectMany(file =>
                            Word()
                                .Matches(file.Code)
                                .Select(word => homes.GetValueOrDefault(word.Value))
                                .OfType<string>()
                                .Distinct()
                                .Where(used => used != node.Key && (used is "." || Names(file.Code, used)))
                        )
                        .ToHashSet()
            );
    }

    /// <summary>A word that is also the name of a type counts where its namespace is opened or written out.</summary>
    private static bool Names(string code, string folder) =>
        code.Contains($".{folder};", StringComparison.Ordinal) || code.Contains($"{folder}.", StringComparison.Ordinal);

    private static string SourceRoot([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "src"));

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(?:class|record struct|record|struct|interface|enum) ([A-Z]\w+)")]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Word();

    // Also catches a namespace written out in the middle of the code.
    [GeneratedRegex(@"PresenceHub\.Server\.(\w+)")]
    private static partial Regex ServerNamespace();
}
