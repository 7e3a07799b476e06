using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PresenceHub.Fleet.Connections;

/// <summary>Builds frames as clients send them: unfragmented and masked.</summary>
internal static class FrameWriter
{
    /// <summary>Bytes that a frame takes in addition to its payload, at most.</summary>
    public const int Overhead = 14;

    private const byte FinalBit = 0x80;
    private const byte MaskBit = 0x80;
    private const int LongestShort = 125;
    private const byte TwoByteLength = 126;
    private const byte EightByteLength = 127;

    /// <summary>Writes one frame and returns its length; <paramref name="frame"/> needs room for the payload and <see cref="Overhead"/>.</summary>
    public static int Write(Span<byte> frame, WebSocketOpcode opcode, ReadOnlySpan<byte> payload, uint mask)
    {
        frame[0] = (byte)(FinalBit | (byte)opcode);
        int at;
        if (payload.Length <= LongestShort)
        {
            frame[1] = (byte)(MaskBit | payload.Length);
            at = 2;
        }
        else if (payload.Length <= ushort.MaxValue)
        {
            frame[1] = MaskBit | TwoByteLength;
            BinaryPrimitives.WriteUInt16BigEndian(frame[2..], (ushort)payload.Length);
            at = 4;
        }
        else
        {
            frame[1] = MaskBit | EightByteLength;
            BinaryPrimitives.WriteInt64BigEndian(frame[2..], payload.Length);
            at = 10;
        }

        MemoryMarshal.Write(frame[at..], mask);
        at += sizeof(uint);
        payload.CopyTo(frame[at..]);
        Mask(frame.Slice(at, payload.Length), mask);
        return at + payload.Length;
    }

    private static void Mask(Span<byte> data, uint mask)
    {
        var wide = MemoryMarshal.Cast<byte, ulong>(data);
        var doubled = mask | ((ulong)mask << 32);
        foreach (ref var eight in wide)
        {
            eight ^= doubled;
        }

        Span<byte> key = stackalloc byte[sizeof(uint)];
        MemoryMarshal.Write(key, mask);
        for (var at = wide.Length * sizeof(ulong); at < data.Length; at++)
        {
            data[at] ^= key[at % sizeof(uint)];
        }
    }
}
