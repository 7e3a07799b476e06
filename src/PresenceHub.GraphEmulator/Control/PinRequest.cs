namespace PresenceHub.GraphEmulator.Control;

/// <summary>The presence to show from now on.</summary>
internal sealed record PinRequest(string? Availability, string? Activity);
