namespace PresenceHub.Server.People;

/// <summary>What people are asked for by.</summary>
internal enum KeyKind
{
    /// <summary>The Entra object id.</summary>
    Id,

    /// <summary>The address of the mailbox, or the user principal name.</summary>
    Email,
}
