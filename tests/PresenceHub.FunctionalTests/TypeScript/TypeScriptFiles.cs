using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.TypeScript;

/// <summary>
/// The files of the npm package's functional tests, by the class that runs them. Each class has a hub and a time limit
/// of its own.
/// </summary>
internal static class TypeScriptFiles
{
    public static readonly string[] Client = ["client", "refusals", "limits", "revocation", "openapi"];

    public static readonly string[] Board = ["board", "boardRefusals"];

    public static readonly string[] Elements = ["elements", "embed"];

    public static readonly string[] WithOwnHub = ["elementsOutage", "playground", "boardSignIn"];

    /// <summary>Run by the tests of proxies and of the chat sample.</summary>
    private static readonly string[] Elsewhere = ["proxied", "chat"];

    public static IEnumerable<string> Named => [.. Client, .. Board, .. Elements, .. WithOwnHub, .. Elsewhere];

    public static IEnumerable<string> Existing =>
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "clients", "typescript", "functional"), "*.test.ts")
            .Select(path => Path.GetFileName(path)[..^".test.ts".Length]);
}
