using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace PresenceHub.Fleet.Hub;

/// <summary>Writes the few MessagePack forms that a client's calls need.</summary>
internal sealed class PackWriter
{
    private const int LongestFixed = 15;
    private const int LongestFixedString = 31;

    private readonly ArrayBufferWriter<byte> _output = new();

    public ReadOnlySpan<byte> Written => _output.WrittenSpan;

    public void WriteSmall(int value) => _output.Write([(byte)value]);

    public void WriteArrayHeader(int count)
    {
        if (count <= LongestFixed)
        {
            _output.Write([(byte)(0x90 | count)]);
        }
        else
        {
            WriteLong(0xdd, count);
        }
    }

    public void WriteMapHeader(int count) => _output.Write([(byte)(0x80 | count)]);

    public void WriteString(string? text)
    {
        if (text is null)
        {
            _output.Write([(byte)0xc0]);
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length <= LongestFixedString)
        {
            _output.Write([(byte)(0xa0 | bytes.Length)]);
        }
        else
        {
            WriteLong(0xdb, bytes.Length);
        }

        _output.Write(bytes);
    }

    private void WriteLong(byte form, int count)
    {
        var span = _output.GetSpan(1 + sizeof(int));
        span[0] = form;
        BinaryPrimitives.WriteInt32BigEndian(span[1..], count);
        _output.Advance(1 + sizeof(int));
    }
}
