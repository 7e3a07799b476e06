using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace PresenceHub.Fleet.Connections;

/// <summary>
/// Parses the server's frames as bytes arrive. Payload is passed on piece by piece, so a message of any length
/// needs no memory here.
/// </summary>
internal sealed class FrameReader(IWebSocketReceiver receiver)
{
    private const int ShortHeader = 2;
    private const int LongestHeader = 10;
    private const int LongestControlPayload = 125;
    private const byte TwoByteLength = 126;
    private const byte EightByteLength = 127;
    private const byte FinalBit = 0x80;
    private const byte MaskBit = 0x80;
    private const byte ReservedBits = 0x70;

    private Header _header;
    private int _headerLength;
    private long _remaining;
    private byte[]? _controlPayload;
    private WebSocketOpcode _opcode;
    private bool _inFrame;
    private bool _inMessage;
    private bool _final;

    /// <summary>
    /// Returns how many bytes were consumed; stops behind a control frame, for the caller to answer it.
    /// </summary>
    public int Read(ReadOnlySpan<byte> data, out ControlFrame? control)
    {
        control = null;
        var at = 0;
        while (at < data.Length)
        {
            if (!_inFrame)
            {
                _header[_headerLength++] = data[at++];
                if (_headerLength < ShortHeader || _headerLength < HeaderLength)
                {
                    continue;
                }

                BeginFrame();
                if (_remaining > 0)
                {
                    continue;
                }
            }

            var payload = data.Slice(at, (int)Math.Min(_remaining, data.Length - at));
            at += payload.Length;
            _remaining -= payload.Length;
            if (_controlPayload is { } gathered)
            {
                payload.CopyTo(gathered.AsSpan((int)(gathered.Length - _remaining - payload.Length)));
                if (_remaining is 0)
                {
                    control = new ControlFrame(_opcode, gathered);
                    EndFrame();
                    return at;
                }
            }
            else
            {
                receiver.Receive(payload, _final && _remaining is 0);
                if (_remaining is 0)
                {
                    EndFrame();
                }
            }
        }

        return at;
    }

    private int HeaderLength =>
        (_header[1] & ~MaskBit) switch
        {
            TwoByteLength => ShortHeader + sizeof(ushort),
            EightByteLength => LongestHeader,
            _ => ShortHeader,
        };

    private void BeginFrame()
    {
        Span<byte> header = _header;
        if ((header[0] & ReservedBits) != 0 || (header[1] & MaskBit) != 0)
        {
            throw new WebSocketProtocolException(
                "The server sent a frame with a mask or an extension that was not agreed on"
            );
        }

        _opcode = (WebSocketOpcode)(header[0] & 0x0f);
        _final = (header[0] & FinalBit) != 0;
        _remaining = header[1] switch
        {
            TwoByteLength => BinaryPrimitives.ReadUInt16BigEndian(header[ShortHeader..]),
            EightByteLength => BinaryPrimitives.ReadInt64BigEndian(header[ShortHeader..]),
            var length => length,
        };
        _inFrame = true;
        switch (_opcode)
        {
            case WebSocketOpcode.Text or WebSocketOpcode.Binary when !_inMessage && _remaining >= 0:
            case WebSocketOpcode.Continuation when _inMessage && _remaining >= 0:
                _inMessage = !_final;
                break;
            case WebSocketOpcode.Close
            or WebSocketOpcode.Ping
            or WebSocketOpcode.Pong when _final && _remaining is >= 0 and <= LongestControlPayload:
                _controlPayload = new byte[_remaining];
                break;
            default:
                throw new WebSocketProtocolException(
                    $"The server sent a frame that is not allowed here (opcode {(int)_opcode:x})"
                );
        }
    }

    private void EndFrame()
    {
        _inFrame = false;
        _headerLength = 0;
        _controlPayload = null;
    }

    [InlineArray(LongestHeader)]
    private struct Header
    {
        private byte _first;
    }
}
