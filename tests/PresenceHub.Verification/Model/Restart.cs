namespace PresenceHub.Verification.Model;

/// <summary>What is lost when the server of a partition becomes another one.</summary>
public enum Restart
{
    WritesLost,
    WritesLostClockBehind,
    DataLost,
    DataLostClockBehind,
}
