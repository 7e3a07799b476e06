namespace PresenceHub.Client;

/// <summary>Subjects that may no longer be seen. The client has forgotten them and watches them no more.</summary>
/// <param name="ids">Lower-case ids.</param>
public sealed class RevokedEventArgs(IReadOnlyList<string> ids) : EventArgs
{
    /// <summary>Lower-case ids.</summary>
    public IReadOnlyList<string> Ids { get; } = ids;
}
