using System.Reflection;

namespace PresenceHub.Fleet.Scenarios;

/// <summary>The scenarios that come with the tool.</summary>
internal static class ReadyScenarios
{
    private const string Folder = "scenarios/";
    private const string Extension = ".json";
    private const string SchemaName = "scenario.schema.json";

    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly
            .GetExecutingAssembly()
            .GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(name => name[Folder.Length..^Extension.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The JSON schema of scenario files.</summary>
    public static string Schema => Read(SchemaName)!;

    /// <summary>The text of a ready scenario; null when there is none of that name.</summary>
    public static string? TryRead(string name) => Read($"{Folder}{name}{Extension}");

    private static string? Read(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
