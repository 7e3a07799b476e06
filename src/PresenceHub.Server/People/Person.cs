namespace PresenceHub.Server.People;

/// <summary>A person of the directory. Null is what Graph does not say.</summary>
/// <param name="Id">The Entra object id, in lower case.</param>
internal sealed record Person(
    string Id,
    string? DisplayName,
    string? Mail,
    string? UserPrincipalName,
    string? JobTitle,
    string? Department
);
