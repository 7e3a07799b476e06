using PresenceHub.GraphEmulator.Throttling;

namespace PresenceHub.GraphEmulator.Requests;

/// <summary>What an endpoint is called in counters and faults, which budget it uses up, and whether it wants a token
/// for Graph.</summary>
internal sealed record Operation(string Name, Budget Budget = Budget.None, bool NeedsCaller = true);
