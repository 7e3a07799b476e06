namespace PresenceHub.GraphEmulator.Faults;

/// <summary>Creating right after deleting fails for a while.</summary>
internal sealed record AfterDeleteFault(int Status, TimeSpan For);
