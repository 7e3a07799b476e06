namespace PresenceHub.GraphEmulator.Control;

/// <summary>The fixed presence.</summary>
internal sealed record PinRequest(string? Availability, string? Activity);
