using System.Buffers.Binary;
using System.Text;

namespace PresenceHub.Fleet.Hub;

/// <summary>Reads MessagePack where it lies. (The MessagePack package reads from memory, not from a span of a receive buffer.)</summary>
internal ref struct PackReader(ReadOnlySpan<byte> data)
{
    private const byte Nil = 0xc0;

    private readonly ReadOnlySpan<byte> _data = data;
    private int _at;

    public readonly bool IsAtEnd => _at >= _data.Length;

    public readonly bool IsNil => Peek() is Nil;

    public readonly bool IsString => Peek() is >= 0xa0 and <= 0xbf or >= 0xd9 and <= 0xdb;

    public readonly bool IsNumber => Peek() is <= 0x7f or >= 0xe0 or >= 0xcc and <= 0xd3;

    public readonly bool IsMap => Peek() is >= 0x80 and <= 0x8f or 0xde or 0xdf;

    public readonly bool IsArray => Peek() is >= 0x90 and <= 0x9f or 0xdc or 0xdd;

    public int ReadArrayHeader() => Take() switch
    {
        var form and >= 0x90 and <= 0x9f => form & 0x0f,
        0xdc => (int)Unsigned(sizeof(ushort)),
        0xdd => (int)Unsigned(sizeof(uint)),
        _ => throw Unexpected(),
    };

    public int ReadMapHeader() => Take() switch
    {
        var form and >= 0x80 and <= 0x8f => form & 0x0f,
        0xde => (int)Unsigned(sizeof(ushort)),
        0xdf => (int)Unsigned(sizeof(uint)),
        _ => throw Unexpected(),
    };

    public long ReadInt64() => Take() switch
    {
        var form and <= 0x7f => form,
        var form and >= 0xe0 => (sbyte)form,
        0xcc => (long)Unsigned(1),
        0xcd => (long)Unsigned(sizeof(ushort)),
        0xce => (long)Unsigned(sizeof(uint)),
        0xcf => (long)Unsigned(sizeof(ulong)),
        0xd0 => (sbyte)Unsigned(1),
        0xd1 => (short)Unsigned(sizeof(ushort)),
        0xd2 => (int)Unsigned(sizeof(uint)),
        0xd3 => (long)Unsigned(sizeof(ulong)),
        _ => throw Unexpected(),
    };

    public bool ReadBoolean() => Take() switch
    {
        0xc2 => false,
        0xc3 => true,
        _ => throw Unexpected(),
    };

    public ReadOnlySpan<byte> ReadUtf8() => Take() switch
    {
        Nil => default,
        var form and >= 0xa0 and <= 0xbf => Slice(form & 0x1f),
        0xd9 => Slice((int)Unsigned(1)),
        0xda => Slice((int)Unsigned(sizeof(ushort))),
        0xdb => Slice((int)Unsigned(sizeof(uint))),
        _ => throw Unexpected(),
    };

    public string? ReadString()
    {
        if (IsNil)
        {
            _at++;
            return null;
        }

        return Encoding.UTF8.GetString(ReadUtf8());
    }

    /// <summary>Passes over the next value with all that it contains.</summary>
    public void Skip()
    {
        // Values still to pass over; a container adds those it holds, so no recursion is needed.
        for (long left = 1; left > 0; left--)
        {
            if (IsArray)
            {
                left += ReadArrayHeader();
            }
            else if (IsMap)
            {
                left += 2L * ReadMapHeader();
            }
            else
            {
                SkipScalar();
            }
        }
    }

    private void SkipScalar()
    {
        if (IsString)
        {
            _ = ReadUtf8();
            return;
        }

        _ = Take() switch
        {
            <= 0x7f or >= 0xe0 or Nil or 0xc2 or 0xc3 => default,
            0xc4 => Slice((int)Unsigned(1)),
            0xc5 => Slice((int)Unsigned(sizeof(ushort))),
            0xc6 => Slice((int)Unsigned(sizeof(uint))),
            0xc7 => Slice(1 + (int)Unsigned(1)),
            0xc8 => Slice(1 + (int)Unsigned(sizeof(ushort))),
            0xc9 => Slice(1 + (int)Unsigned(sizeof(uint))),
            0xcc or 0xd0 => Slice(1),
            0xcd or 0xd1 or 0xd4 => Slice(2),
            0xd5 => Slice(3),
            0xca or 0xce or 0xd2 => Slice(4),
            0xd6 => Slice(5),
            0xcb or 0xcf or 0xd3 => Slice(8),
            0xd7 => Slice(9),
            0xd8 => Slice(17),
            _ => throw Unexpected(),
        };
    }

    private readonly byte Peek() => _at < _data.Length ? _data[_at] : throw Unexpected();

    private byte Take() => _at < _data.Length ? _data[_at++] : throw Unexpected();

    private ReadOnlySpan<byte> Slice(int length)
    {
        if (length < 0 || length > _data.Length - _at)
        {
            throw Unexpected();
        }

        var slice = _data.Slice(_at, length);
        _at += length;
        return slice;
    }

    private ulong Unsigned(int bytes)
    {
        var slice = Slice(bytes);
        return bytes switch
        {
            1 => slice[0],
            sizeof(ushort) => BinaryPrimitives.ReadUInt16BigEndian(slice),
            sizeof(uint) => BinaryPrimitives.ReadUInt32BigEndian(slice),
            _ => BinaryPrimitives.ReadUInt64BigEndian(slice),
        };
    }

    private static HubProtocolException Unexpected() => new("The hub sent a message that is not of the messagepack hub protocol");
}
