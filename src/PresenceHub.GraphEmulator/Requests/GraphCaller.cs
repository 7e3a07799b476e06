using System.Collections.Frozen;

namespace PresenceHub.GraphEmulator.Requests;

/// <summary>The caller: an application by itself, or on behalf of a signed-in account.</summary>
internal sealed record GraphCaller(
    Guid ApplicationId,
    Guid? AccountId,
    FrozenSet<string> Permissions,
    DateTimeOffset TokenExpiresAt
)
{
    public bool IsDelegated => AccountId is not null;

    public bool HasAny(params ReadOnlySpan<string> permissions)
    {
        foreach (var permission in permissions)
        {
            if (Permissions.Contains(permission))
            {
                return true;
            }
        }

        return false;
    }
}
