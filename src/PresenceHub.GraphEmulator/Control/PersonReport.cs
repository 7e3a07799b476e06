namespace PresenceHub.GraphEmulator.Control;

/// <summary>A person and their presence.</summary>
internal sealed record PersonReport(
    Guid Id,
    string DisplayName,
    string Department,
    string Availability,
    string Activity,
    string SequenceNumber
);
