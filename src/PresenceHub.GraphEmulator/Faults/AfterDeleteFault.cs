namespace PresenceHub.GraphEmulator.Faults;

/// <summary>A creation soon after a deletion fails for a while.</summary>
internal sealed record AfterDeleteFault(int Status, TimeSpan For);
