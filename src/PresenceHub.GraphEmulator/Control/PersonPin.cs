namespace PresenceHub.GraphEmulator.Control;

/// <summary>The presence to show of one person from now on.</summary>
internal sealed record PersonPin(Guid Id, string? Availability, string? Activity);
