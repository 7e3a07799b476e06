using System.Buffers.Text;
using System.Text.Json;

namespace PresenceHub.Fleet.Identities;

/// <summary>
/// Reads when a JWT expires, to explain why it was refused. Nothing is verified: that is the hub's task.
/// </summary>
internal static class TokenExpiry
{
    private const int PayloadPart = 1;
    private const int Parts = 3;

    public static DateTimeOffset? Of(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != Parts || !Base64Url.IsValid(parts[PayloadPart]))
        {
            return null;
        }

        try
        {
            using var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[PayloadPart]));
            return payload.RootElement.TryGetProperty("exp", out var expiry) && expiry.TryGetInt64(out var seconds)
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : null;
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
