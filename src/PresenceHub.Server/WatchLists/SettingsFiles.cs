using System.Text.Json;
using Microsoft.Extensions.Configuration.Json;

namespace PresenceHub.Server.WatchLists;

/// <summary>The JSON files that settings come from. When one is broken while the server runs, .NET takes it for empty and tells nobody.</summary>
internal sealed class SettingsFiles(IConfiguration configuration)
{
    private static readonly JsonDocumentOptions AsSettings = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The name of one that is there and is no JSON; null when all are well.</summary>
    public string? FindBroken() => (configuration as IConfigurationRoot)?.Providers.OfType<JsonConfigurationProvider>()
        .Select(provider => provider.Source).FirstOrDefault(IsBroken)?.Path;

    private static bool IsBroken(FileConfigurationSource source)
    {
        if (source.FileProvider?.GetFileInfo(source.Path!) is not { Exists: true } file)
        {
            return false;
        }

        try
        {
            using var stream = file.CreateReadStream();
            using var document = JsonDocument.Parse(stream, AsSettings);
            return false;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
