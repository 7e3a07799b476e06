namespace PresenceHub.Testing.Proxies;

/// <summary>What a proxy does to the bytes of one direction. Nothing is ever lost: like TCP, it comes late, in order,
/// or not before the fault is over.</summary>
internal sealed record WireFault
{
    public static WireFault None { get; } = new();

    /// <summary>Every byte comes so much later, and a random part of the jitter on top.</summary>
    public TimeSpan Latency { get; init; }

    public TimeSpan Jitter { get; init; }

    /// <summary>At most so many bytes in one write; 0 for no limit.</summary>
    public int SliceBytes { get; init; }

    /// <summary>0 for no limit.</summary>
    public int BytesPerSecond { get; init; }

    /// <summary>Nothing is forwarded, not even the end of the stream.</summary>
    public bool IsSilent { get; init; }
}
