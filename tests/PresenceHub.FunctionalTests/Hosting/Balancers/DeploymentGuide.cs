using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting.Balancers;

/// <summary>The configurations in docs/deployment.md.</summary>
internal static class DeploymentGuide
{
    private const string Fence = "```";

    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "deployment.md"));

    /// <summary>The fenced blocks of a language, in their order.</summary>
    public static IReadOnlyList<string> Blocks(string language) =>
        [
            .. Lines
                .Index()
                .Where(line => line.Item == $"{Fence}{language}")
                .Select(line => string.Join('\n', Lines.Skip(line.Index + 1).TakeWhile(text => text != Fence))),
        ];
}
