namespace PresenceHub.Server.Hosting;

/// <summary>A list in the settings: one value per index, or one text with the values separated by commas or semicolons.</summary>
internal static class ListSetting
{
    private static readonly char[] Separators = [',', ';'];

    public static string[] Read(IConfiguration configuration, string key)
    {
        var section = configuration.GetSection(key);

        // The configuration binder ignores a text where it expects a list; the setting would have no effect and no error.
        return string.IsNullOrWhiteSpace(section.Value)
            ? [.. section.GetChildren().Select(value => value.Value ?? string.Empty)]
            : section.Value.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
