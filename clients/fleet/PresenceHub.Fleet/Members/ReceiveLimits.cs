using PresenceHub.Fleet.Connections;

namespace PresenceHub.Fleet.Members;

/// <summary>How a kind of member reads.</summary>
internal sealed record ReceiveLimits(MemberKind Kind, int BytesPerSecond)
{
    /// <summary>The kernel's default of many kilobytes would hide for minutes that nothing is read.</summary>
    private const int SmallBuffer = 4096;

    public int? ReceiveBufferBytes => Kind is MemberKind.Slow or MemberKind.Stuck ? SmallBuffer : null;

    public ReceivePace? NewPace(TimeProvider time) =>
        Kind is MemberKind.Slow or MemberKind.Stuck ? new ReceivePace(BytesPerSecond, time) : null;

    /// <summary>From now on the connection reads like its kind.</summary>
    public void Apply(ReceivePace? pace)
    {
        if (Kind is MemberKind.Slow)
        {
            pace?.Limit();
        }
        else if (Kind is MemberKind.Stuck)
        {
            pace?.Stop();
        }
    }
}
