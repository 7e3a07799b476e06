using PresenceHub.Verification.Invariants;

namespace PresenceHub.Verification.Soak;

/// <summary>What a schedule found, and which of its faults did not happen as often as they should have.</summary>
internal sealed record ScheduleResult(InvariantChecker Checker, IReadOnlyList<string> Missing);
