using System.Text.RegularExpressions;
using PresenceHub.Testing;

namespace PresenceHub.Server.Tests;

/// <summary>What holds for every source file and document of the repository: width, words and links.</summary>
public sealed partial class RepositoryTests
{
    private const int MaxWidth = 120;
    private const string GeneratedFrom = "<!-- bench.sh writes from here -->";
    private const string GeneratedTo = "<!-- bench.sh writes to here -->";

    private static readonly string[] NotOurs = ["bin", "obj", "node_modules", "dist", "artifacts", "TestResults"];

    /// <summary>Words that plain technical English does without.</summary>
    private static readonly string[] BannedWords = ["anew", "whoever", "whom", "somebody", "anybody", "nobody"];

    /// <summary>Documents that a program writes as a whole.</summary>
    private static readonly string[] GeneratedDocuments = ["docs/settings.md"];

    /// <summary>Beginnings of lines in code blocks that their syntax does not allow to be wrapped.</summary>
    private static readonly string[] UnbreakableCode =
    [
        "ACL SETUSER ",
        "Content-Security-Policy: ",
        "- send: \"{\\\"type\\\":1,",
    ];

    [Fact]
    public void Documents_EveryLine_FitsIn120Columns()
    {
        var documents = Files("*.md").Except(GeneratedDocuments).ToArray();
        Assert.Contains("docs/architecture.md", documents);

        var tooLong =
            from document in documents
            from line in WrittenByHand(File.ReadAllLines(Absolute(document)))
            where Width(line) > MaxWidth
            where !UnbreakableCode.Any(start => line.TrimStart().StartsWith(start, StringComparison.Ordinal))
            select $"{document}: {line}";

        ExpectNone(tooLong);
    }

    [Fact]
    public void Code_EveryCommentLine_FitsIn120Columns()
    {
        var files = Files("*.cs");
        Assert.Contains("src/PresenceHub.Server/Program.cs", files);

        var tooLong =
            from file in files
            from line in File.ReadLines(Absolute(file)).Index()
            where line.Item.Length > MaxWidth && line.Item.TrimStart().StartsWith("//", StringComparison.Ordinal)
            select $"{file}:{line.Index + 1}";

        ExpectNone(tooLong);
    }

    [Fact]
    public void CodeAndDocuments_UseNoBannedWord()
    {
        var files = Files("*.cs")
            .Concat(Files("*.ts"))
            .Concat(Files("*.md"))
            .Where(file => Path.GetFileName(file) != $"{nameof(RepositoryTests)}.cs")
            .ToArray();
        Assert.Contains("README.md", files);

        var banned = new Regex($@"\b(?:{string.Join('|', BannedWords)})\b", RegexOptions.IgnoreCase);
        var uses =
            from file in files
            from line in File.ReadLines(Absolute(file)).Index()
            where banned.IsMatch(line.Item)
            select $"{file}:{line.Index + 1}: {line.Item.Trim()}";

        ExpectNone(uses);
    }

    [Fact]
    public void Documents_EveryRelativeLink_LeadsToAFileAndItsHeading()
    {
        var links = Files("*.md").SelectMany(Links).ToArray();
        Assert.Contains(links, link => link.Anchor.Length > 0);

        var broken = links.Where(link => !Leads(link)).Select(link => $"{link.Document}: {link.Path}#{link.Anchor}");

        ExpectNone(broken);
    }

    [Theory]
    [InlineData("## What may be relied on, and what not", "what-may-be-relied-on-and-what-not")]
    [InlineData("### `apply`: changes that the store applies", "apply-changes-that-the-store-applies")]
    public void Slug_Heading_IsTheAnchorThatGitHubMakes(string heading, string anchor) =>
        Assert.Equal(anchor, Slug(heading));

    private static void ExpectNone(IEnumerable<string> found)
    {
        var all = found.ToArray();
        Assert.True(all.Length is 0, string.Join('\n', all));
    }

    /// <summary>The paths of all files of a pattern, relative to the root and with forward slashes.</summary>
    private static string[] Files(string pattern) => [.. FilesBelow(Repository.Root, pattern).Order()];

    private static IEnumerable<string> FilesBelow(string directory, string pattern)
    {
        var files = Directory
            .EnumerateFiles(directory, pattern)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'));
        var directories = Directory.EnumerateDirectories(directory).Where(IsOurs);
        return files.Concat(directories.SelectMany(below => FilesBelow(below, pattern)));
    }

    private static bool IsOurs(string directory) =>
        Path.GetFileName(directory) is var name && !name.StartsWith('.') && !NotOurs.Contains(name);

    private static string Absolute(string file) => Path.Combine(Repository.Root, file);

    private static IEnumerable<string> WrittenByHand(IReadOnlyList<string> lines) =>
        lines
            .TakeWhile(line => line != GeneratedFrom)
            .Concat(lines.SkipWhile(line => line != GeneratedFrom).SkipWhile(line => line != GeneratedTo));

    /// <summary>A row of a table cannot be wrapped, so the target of a link in it does not count.</summary>
    private static int Width(string line) =>
        (line.StartsWith('|') ? LinkTarget().Replace(line, "]") : line).EnumerateRunes().Count();

    private static IEnumerable<(string Document, string Path, string Anchor)> Links(string document) =>
        from Match link in LinkTarget().Matches(InlineCode().Replace(string.Join('\n', Prose(document)), ""))
        let target = link.Groups[1].Value
        where !Scheme().IsMatch(target)
        let parts = target.Split('#', 2)
        select (document, parts[0], parts.ElementAtOrDefault(1) ?? "");

    private static bool Leads((string Document, string Path, string Anchor) link)
    {
        var target = link.Path is ""
            ? link.Document
            : Path.GetRelativePath(
                Repository.Root,
                Path.Combine(Repository.Root, Path.GetDirectoryName(link.Document)!, link.Path)
            );
        return link.Anchor is ""
            ? Path.Exists(Absolute(target))
            : File.Exists(Absolute(target)) && Anchors(target).Contains(link.Anchor);
    }

    private static IEnumerable<string> Anchors(string document) =>
        Prose(document).Where(line => line.StartsWith('#')).Select(Slug);

    private static string Slug(string heading) =>
        NotInAnchors().Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    /// <summary>The lines of a document outside its code blocks.</summary>
    private static IEnumerable<string> Prose(string document)
    {
        var isCode = false;
        foreach (var line in File.ReadLines(Absolute(document)))
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                isCode = !isCode;
            }
            else if (!isCode)
            {
                yield return line;
            }
        }
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex LinkTarget();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex("^[a-z]+:")]
    private static partial Regex Scheme();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
