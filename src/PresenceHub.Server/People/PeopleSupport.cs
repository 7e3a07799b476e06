using Microsoft.Extensions.Options;

namespace PresenceHub.Server.People;

/// <summary>
/// Whether the hub may read people. After Graph has refused a request for lack of a permission, it is asked again a
/// minute later: the permission may have been granted meanwhile. Requests that need another one are not held back.
/// </summary>
internal sealed class PeopleSupport(IOptions<PeopleOptions> options, TimeProvider time)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private readonly Dictionary<PeoplePermission, long> _refusedAt = [];
    private readonly Lock _lock = new();

    /// <exception cref="PeopleNotSupportedException">People are switched off.</exception>
    public void ThrowIfDisabled()
    {
        if (!options.Value.Enabled)
        {
            throw new PeopleNotSupportedException("People:Enabled is false");
        }
    }

    /// <exception cref="PeopleNotSupportedException">Graph has refused to answer within the last minute.</exception>
    public void ThrowIfRefused(PeoplePermission permission)
    {
        lock (_lock)
        {
            if (_refusedAt.TryGetValue(permission, out var refusedAt) && time.GetElapsedTime(refusedAt) < RetryAfter)
            {
                throw Refused(permission);
            }
        }
    }

    /// <summary>Graph has refused to answer for lack of the permission.</summary>
    public PeopleNotSupportedException Refuse(PeoplePermission permission)
    {
        lock (_lock)
        {
            _refusedAt[permission] = time.GetTimestamp();
        }

        return Refused(permission);
    }

    private static PeopleNotSupportedException Refused(PeoplePermission permission) =>
        new(
            permission is PeoplePermission.All
                ? "Graph does not let the hub filter people by department; grant it the application permission "
                    + "User.Read.All"
                : "Graph does not let the hub read people; grant it the application permission User.ReadBasic.All"
        );
}
