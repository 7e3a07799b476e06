namespace PresenceHub.GraphEmulator.Control;

/// <summary>The fixed presence of one person.</summary>
internal sealed record PersonPin(Guid Id, string? Availability, string? Activity);
