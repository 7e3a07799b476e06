using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Control;

/// <summary>
/// A list in the settings: one value per index, or one text whose values are separated by commas or semicolons.
/// </summary>
internal static class ListSetting
{
    private static readonly char[] Separators = [',', ';'];

    /// <summary>
    /// Sets a list of the options from the configuration and replaces the value from the configuration binder.
    /// </summary>
    /// <param name="options">The options that contain the list.</param>
    /// <param name="key">Name of the setting with its section, such as <c>Http:KnownProxies</c>.</param>
    /// <param name="set">Sets the list.</param>
    public static OptionsBuilder<TOptions> ConfigureList<TOptions>(
        this OptionsBuilder<TOptions> options,
        string key,
        Action<TOptions, string[]> set
    )
        where TOptions : class =>
        options.Configure<IConfiguration>((instance, configuration) => set(instance, Read(configuration, key)));

    private static string[] Read(IConfiguration configuration, string key)
    {
        var section = configuration.GetSection(key);

        // The configuration binder ignores a text where it expects a list: the setting would have no effect and cause
        // no error.
        return string.IsNullOrWhiteSpace(section.Value)
            ? [.. section.GetChildren().Select(value => value.Value ?? string.Empty)]
            : section.Value.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
