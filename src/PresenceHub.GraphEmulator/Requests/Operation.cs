using PresenceHub.GraphEmulator.Throttling;

namespace PresenceHub.GraphEmulator.Requests;

/// <summary>
/// The name of an endpoint in counters and faults, the budget that it uses, and whether it requires a token for Graph.
/// </summary>
internal sealed record Operation(string Name, Budget Budget = Budget.None, bool NeedsCaller = true);
