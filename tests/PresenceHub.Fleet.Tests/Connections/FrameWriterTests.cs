using PresenceHub.Fleet.Connections;

namespace PresenceHub.Fleet.Tests.Connections;

public sealed class FrameWriterTests
{
    [Theory]
    [InlineData(0, 6)]
    [InlineData(3, 6)]
    [InlineData(125, 6)]
    [InlineData(126, 8)]
    [InlineData(65_535, 8)]
    [InlineData(65_536, 14)]
    public void Write_Payload_IsMaskedAndCanBeUnmasked(int length, int header)
    {
        var payload = Enumerable.Range(0, length).Select(at => (byte)(at * 7)).ToArray();
        var frame = new byte[length + FrameWriter.Overhead];

        var written = FrameWriter.Write(frame, WebSocketOpcode.Binary, payload, 0x5aa5_1ee1);

        Assert.Equal(length + header, written);
        Assert.Equal(0x82, frame[0]);
        Assert.True((frame[1] & 0x80) != 0);
        var key = frame[(header - 4)..header];
        Assert.Equal([0xe1, 0x1e, 0xa5, 0x5a], key);
        Assert.Equal(payload, frame[header..written].Select((masked, at) => (byte)(masked ^ key[at % 4])));
    }
}
