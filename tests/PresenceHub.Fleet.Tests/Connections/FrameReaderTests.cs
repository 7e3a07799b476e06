using PresenceHub.Fleet.Connections;

namespace PresenceHub.Fleet.Tests.Connections;

public sealed class FrameReaderTests
{
    private readonly RecordingReceiver _receiver = new();
    private readonly FrameReader _reader;

    public FrameReaderTests() => _reader = new FrameReader(_receiver);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, 1)]
    [InlineData(125, 3)]
    [InlineData(126, 1)]
    [InlineData(65_535, 4096)]
    [InlineData(65_536, 4096)]
    [InlineData(200_000, 7)]
    public void Read_FrameInPieces_GivesTheWholeMessage(int length, int pieceLength)
    {
        var payload = Enumerable.Range(0, length).Select(at => (byte)at).ToArray();

        Feed([.. Frame(0x82, payload), .. Frame(0x81, "next"u8)], pieceLength);

        Assert.Equal([payload, "next"u8.ToArray()], _receiver.Messages);
    }

    [Fact]
    public void Read_FragmentsAroundAPing_GivesOneMessageAndThePing()
    {
        byte[] data =
        [
            .. Frame(0x01, "on"u8),
            .. Frame(0x89, "?"u8),
            .. Frame(0x00, "e m"u8),
            .. Frame(0x80, "essage"u8),
        ];

        var controls = Feed(data, data.Length);

        Assert.Equal("one message"u8.ToArray(), Assert.Single(_receiver.Messages));
        var ping = Assert.Single(controls);
        Assert.Equal((WebSocketOpcode.Ping, "?"), (ping.Opcode, System.Text.Encoding.UTF8.GetString(ping.Payload)));
    }

    [Theory]
    [InlineData(new byte[] { 0x82, 0x80, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0xc2, 0x00 })]
    [InlineData(new byte[] { 0x80, 0x00 })]
    [InlineData(new byte[] { 0x83, 0x00 })]
    [InlineData(new byte[] { 0x09, 0x00 })]
    [InlineData(new byte[] { 0x89, 0x7e, 0x00, 0x7e })]
    [InlineData(new byte[] { 0x01, 0x00, 0x81, 0x00 })]
    [InlineData(new byte[] { 0x82, 0x7f, 0xff, 0, 0, 0, 0, 0, 0, 0 })]
    public void Read_FrameThatRfc6455Forbids_Throws(byte[] data) =>
        Assert.Throws<WebSocketProtocolException>(() => Feed(data, data.Length));

    private static byte[] Frame(byte first, ReadOnlySpan<byte> payload) =>
        payload.Length switch
        {
            < 126 => [first, (byte)payload.Length, .. payload],
            <= ushort.MaxValue => [first, 126, (byte)(payload.Length >> 8), (byte)payload.Length, .. payload],
            _ =>
            [
                first,
                127,
                0,
                0,
                0,
                0,
                0,
                (byte)(payload.Length >> 16),
                (byte)(payload.Length >> 8),
                (byte)payload.Length,
                .. payload,
            ],
        };

    private List<ControlFrame> Feed(byte[] data, int pieceLength)
    {
        var controls = new List<ControlFrame>();
        foreach (var piece in data.Chunk(pieceLength))
        {
            for (var at = 0; at < piece.Length; )
            {
                at += _reader.Read(piece.AsSpan(at), out var control);
                if (control is not null)
                {
                    controls.Add(control);
                }
            }
        }

        return controls;
    }
}
