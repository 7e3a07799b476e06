using PresenceHub.Testing.Invariants;

namespace PresenceHub.Testing.Soak;

/// <summary>What a schedule found, and which of its faults did not happen as often as they should have.</summary>
internal sealed record ScheduleResult(InvariantChecker Checker, IReadOnlyList<string> Missing);
