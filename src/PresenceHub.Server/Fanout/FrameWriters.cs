namespace PresenceHub.Server.Fanout;

/// <summary>The writers of the hub protocols that the hub speaks.</summary>
internal static class FrameWriters
{
    private static readonly FrameWriter Json = new JsonFrameWriter();
    private static readonly FrameWriter MessagePack = new MessagePackFrameWriter();

    public static FrameWriter Of(string protocolName) => protocolName switch
    {
        JsonFrameWriter.Protocol => Json,
        MessagePackFrameWriter.Protocol => MessagePack,
        _ => throw new NotSupportedException($"Hub protocol {protocolName} is not spoken here"),
    };
}
