namespace PresenceHub.GraphEmulator.People;

/// <summary>A directory entry, computed when it is read: only the id is stored.</summary>
internal readonly record struct Person(
    Guid Id,
    string GivenName,
    string Surname,
    string Department,
    string JobTitle,
    string UserPrincipalName
)
{
    public string DisplayName => $"{GivenName} {Surname}";
}
