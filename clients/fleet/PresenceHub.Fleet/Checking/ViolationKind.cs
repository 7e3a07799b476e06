namespace PresenceHub.Fleet.Checking;

/// <summary>Violations of the contract.</summary>
internal enum ViolationKind
{
    /// <summary>At the end a view does not hold what the store holds, or an answer left a subject out.</summary>
    Lost,

    /// <summary>An older entry came after a newer one.</summary>
    Reversed,

    /// <summary>The same entry was pushed twice in a row.</summary>
    Duplicated,

    /// <summary>One revision came with two different presences.</summary>
    Conflicting,

    /// <summary>An entry of a subject that the connection does not watch.</summary>
    NeverAskedFor,

    /// <summary>At the end a connection had no answer to its watch list.</summary>
    NotLive,
}
