namespace PresenceHub.GraphEmulator.Control;

/// <summary>One caller's counts since the start.</summary>
/// <param name="ApplicationId">Null for requests without a token, such as requests for a token.</param>
/// <param name="AccountId">Null for an application by itself.</param>
/// <param name="Requests">Requests by operation.</param>
/// <param name="InsideRetryAfter">Requests that were sent before a Retry-After had passed.</param>
/// <param name="OverBudget">Requests refused because of a quota.</param>
internal sealed record CallerReport(
    Guid? ApplicationId,
    Guid? AccountId,
    IReadOnlyDictionary<string, long> Requests,
    long InsideRetryAfter,
    long OverBudget
);
