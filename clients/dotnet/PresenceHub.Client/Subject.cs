namespace PresenceHub.Client;

/// <summary>
/// One term of watching a subject. Unwatching ends the term and watching again begins another one, so that a late
/// answer to the old term does not count for the new one. Terms are compared by reference.
/// </summary>
internal sealed class Subject(string id)
{
    public string Id { get; } = id;
}
