namespace PresenceHub.Server.People;

/// <summary>A person in an answer.</summary>
/// <param name="Key">The id or address that was asked for, as sent; after a search, the id.</param>
/// <param name="Id">The Entra object id, in lower case.</param>
/// <param name="DisplayName">The name.</param>
/// <param name="Mail">The address of the mailbox.</param>
/// <param name="UserPrincipalName">The name that the person signs in with.</param>
/// <param name="JobTitle">What the person does.</param>
/// <param name="Department">Where the person works.</param>
internal sealed record FoundPerson(
    string Key,
    string Id,
    string? DisplayName,
    string? Mail,
    string? UserPrincipalName,
    string? JobTitle,
    string? Department
)
{
    public static FoundPerson Of(string key, Person person) =>
        new(
            key,
            person.Id,
            person.DisplayName,
            person.Mail,
            person.UserPrincipalName,
            person.JobTitle,
            person.Department
        );
}
