using System.Text.Json;
using Microsoft.Extensions.Configuration.Json;

namespace PresenceHub.Server.WatchLists;

/// <summary>The JSON files of the settings. When a file becomes invalid while the server runs, .NET treats it as empty
/// and reports no error.</summary>
internal sealed class SettingsFiles(IConfiguration configuration)
{
    /// <summary>The name of an existing file that cannot be read as settings; null if there is none.</summary>
    public string? FindBroken() =>
        (configuration as IConfigurationRoot)
            ?.Providers.OfType<JsonConfigurationProvider>()
            .Select(provider => provider.Source)
            .FirstOrDefault(IsBroken)
            ?.Path;

    private static bool IsBroken(FileConfigurationSource source)
    {
        if (source.FileProvider?.GetFileInfo(source.Path!) is not { Exists: true } file)
        {
            return false;
        }

        try
        {
            using var stream = file.CreateReadStream();

            // As .NET reads it: JSON that names a setting twice, or is no object, is invalid too.
            new ConfigurationBuilder().AddJsonStream(stream).Build();
            return false;
        }
        catch (Exception exception)
            when (exception is JsonException or FormatException or IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
