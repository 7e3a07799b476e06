namespace PresenceHub.GraphEmulator.Control;

/// <summary>One caller's counts since the start.</summary>
/// <param name="ApplicationId">Null for requests without a token, such as those for one.</param>
/// <param name="AccountId">Null for an application by itself.</param>
/// <param name="Requests">Requests by operation.</param>
/// <param name="InsideRetryAfter">Requests that came before a Retry-After had passed.</param>
/// <param name="OverBudget">Requests refused for being over a quota.</param>
internal sealed record CallerReport(
    Guid? ApplicationId,
    Guid? AccountId,
    IReadOnlyDictionary<string, long> Requests,
    long InsideRetryAfter,
    long OverBudget
);
