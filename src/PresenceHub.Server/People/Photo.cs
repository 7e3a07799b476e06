using System.Security.Cryptography;

namespace PresenceHub.Server.People;

/// <summary>The photo of a person.</summary>
/// <param name="Content">The image, as Graph has sent it.</param>
/// <param name="ContentType">The type of the image, by its first bytes.</param>
/// <param name="Tag">A strong entity tag, with its quotes.</param>
internal sealed record Photo(byte[] Content, string ContentType, string Tag)
{
    /// <summary>Larger images are not shown. At 96 pixels, photos have some 10 KB.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int TagBytes = 16;

    /// <summary>Null when the bytes are no image that browsers decode without running anything: an SVG may hold
    /// scripts.</summary>
    public static Photo? Of(byte[] content)
    {
        var type = TypeOf(content);
        return type is null
            ? null
            : new Photo(content, type, $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, TagBytes))}\"");
    }

    private static string? TypeOf(ReadOnlySpan<byte> content)
    {
        if (content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return "image/jpeg";
        }

        if (content.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]))
        {
            return "image/png";
        }

        if (content.StartsWith("GIF87a"u8) || content.StartsWith("GIF89a"u8))
        {
            return "image/gif";
        }

        // Four bytes of length lie between the two.
        return content.StartsWith("RIFF"u8) && content.Length > 12 && content[8..].StartsWith("WEBP"u8)
            ? "image/webp"
            : null;
    }
}
