using Microsoft.Extensions.Options;

namespace PresenceHub.Server.People;

/// <summary>
/// Whether the hub may read people. After Graph has refused it, Graph is asked again a minute later: the permission may
/// have been granted meanwhile.
/// </summary>
internal sealed class PeopleSupport(IOptions<PeopleOptions> options, TimeProvider time)
{
    private const string Refused =
        "Graph does not let the hub read people; grant it the application permission User.ReadBasic.All";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private long? _refusedAt;
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
    public void ThrowIfRefused()
    {
        lock (_lock)
        {
            if (_refusedAt is { } refusedAt && time.GetElapsedTime(refusedAt) < RetryAfter)
            {
                throw new PeopleNotSupportedException(Refused);
            }
        }
    }

    /// <summary>Graph has refused to answer for lack of a permission.</summary>
    public PeopleNotSupportedException Refuse()
    {
        lock (_lock)
        {
            _refusedAt = time.GetTimestamp();
        }

        return new PeopleNotSupportedException(Refused);
    }
}
