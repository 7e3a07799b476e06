using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.TypeScript;

/// <summary>The files of the npm package's functional tests, by the run that they belong to. Each run has a hub and a
/// time limit of its own.</summary>
internal static class TypeScriptFiles
{
    public static readonly string[] Client = ["client", "refusals", "limits", "revocation", "openapi"];

    /// <summary>Files with a browser. Those of the last run start, kill and disturb hubs of their own.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Pages = new Dictionary<string, string[]>
    {
        ["board"] = ["board", "boardRefusals"],
        ["elements"] = ["elements", "embed"],
        ["own hubs"] = ["elementsOutage", "playground", "boardSignIn"],
    };

    /// <summary>Run by the tests of proxies and of the chat sample.</summary>
    private static readonly string[] Elsewhere = ["proxied", "chat"];

    public static IEnumerable<string> Named => [.. Client, .. Pages.Values.SelectMany(files => files), .. Elsewhere];

    public static IEnumerable<string> Existing =>
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "clients", "typescript", "functional"), "*.test.ts")
            .Select(path => Path.GetFileName(path)[..^".test.ts".Length]);
}
