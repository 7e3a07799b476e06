namespace PresenceHub.Testing.Reference;

/// <summary>What the reference store holds of a subject.</summary>
internal sealed record ReferenceEntry(
    string Availability,
    string Activity,
    string SequenceNumber,
    long Since,
    long ObservedAt,
    long Revision,
    int LowerPolls
);
