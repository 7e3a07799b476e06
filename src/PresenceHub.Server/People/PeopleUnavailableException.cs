namespace PresenceHub.Server.People;

/// <summary>Graph or the store cannot be asked for people now.</summary>
/// <param name="retryAfter">When to come back; null when it is not known.</param>
/// <param name="known">What the cache has of the call; null when nothing.</param>
internal sealed class PeopleUnavailableException(TimeSpan? retryAfter = null, PeopleResult? known = null)
    : Exception("People cannot be read at present")
{
    public TimeSpan? RetryAfter { get; } = retryAfter;

    public PeopleResult? Known { get; } = known;
}
