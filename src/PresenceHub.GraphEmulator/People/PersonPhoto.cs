using System.Buffers.Binary;
using System.IO.Compression;

namespace PresenceHub.GraphEmulator.People;

/// <summary>
/// The photo of a person: a head and shoulders in colours that follow from the id, as PNG. It is drawn when it is read.
/// </summary>
internal static class PersonPhoto
{
    /// <summary>One of so many people has no photo.</summary>
    public const int WithoutPhoto = 8;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static bool Exists(int index) => index % WithoutPhoto != WithoutPhoto - 1;

    /// <param name="id">Decides the colours.</param>
    /// <param name="side">Pixels of a side.</param>
    public static byte[] Draw(Guid id, int side)
    {
        var seed = id.ToByteArray();
        var hue = seed[0] / 256.0;
        using var png = new MemoryStream();
        png.Write(Signature);

        // Width, height, 8 bits of an index into the palette, and the only values of the other methods.
        Span<byte> header = stackalloc byte[13];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, side);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], side);
        (header[8], header[9]) = (8, 3);
        WriteChunk(png, "IHDR"u8, header);

        byte[] palette =
        [
            .. Colour(hue, 0.35, 0.92),
            .. Colour(hue + 0.5, 0.55, 0.55),
            .. Colour(0.07, 0.35, 0.6 + (seed[1] / 800.0)),
        ];
        WriteChunk(png, "PLTE"u8, palette);
        WriteChunk(png, "IDAT"u8, Compress(Pixels(side)));
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    /// <summary>One byte a pixel, and one before each row: 0 is the background, 1 the shoulders, 2 the head.</summary>
    private static byte[] Pixels(int side)
    {
        var pixels = new byte[side * (side + 1)];
        for (var row = 0; row < side; row++)
        {
            for (var column = 0; column < side; column++)
            {
                var (x, y) = ((column + 0.5) / side, (row + 0.5) / side);
                pixels[(row * (side + 1)) + 1 + column] =
                    IsIn(x, y, 0.4, 0.2, 0.23) ? (byte)2
                    : IsIn(x, y, 1.05, 0.42, 0.42) ? (byte)1
                    : (byte)0;
            }
        }

        return pixels;
    }

    private static bool IsIn(double x, double y, double centreY, double radiusX, double radiusY) =>
        Math.Pow((x - 0.5) / radiusX, 2) + Math.Pow((y - centreY) / radiusY, 2) <= 1;

    private static byte[] Compress(byte[] pixels)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(pixels);
        }

        return compressed.ToArray();
    }

    private static void WriteChunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Checksum(Checksum(uint.MaxValue, type), data));
        png.Write(number);
    }

    /// <summary>The CRC of PNG, bit by bit: a photo has a few kilobytes.</summary>
    private static uint Checksum(uint checksum, ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
        {
            checksum ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                checksum = (checksum >> 1) ^ ((checksum & 1) * 0xEDB88320);
            }
        }

        return checksum;
    }

    /// <summary>Red, green and blue of a hue (0 to 1, and round again), a saturation and a lightness.</summary>
    private static byte[] Colour(double hue, double saturation, double lightness)
    {
        return [Channel(0), Channel(8), Channel(4)];

        byte Channel(int offset)
        {
            var position = (offset + (hue * 12)) % 12;
            var reach = saturation * Math.Min(lightness, 1 - lightness);
            var value = lightness - (reach * Math.Max(-1, Math.Min(1, Math.Min(position - 3, 9 - position))));
            return (byte)Math.Round(value * 255);
        }
    }
}
