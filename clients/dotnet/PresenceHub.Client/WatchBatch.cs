using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>One Watch call to the hub.</summary>
/// <param name="Link">The number of the link that makes it.</param>
/// <param name="Subjects">At most as many as <see cref="CallLimit"/> allowed when the batch was made.</param>
/// <param name="Cursor">The cursor that covers all of them; null for a full answer.</param>
/// <param name="IsResume">Whether this is part of the link's resume.</param>
/// <param name="Pushes">The link's count of pushes when the call began.</param>
internal sealed record WatchBatch(
    long Link,
    IReadOnlyList<Subject> Subjects,
    string? Cursor,
    bool IsResume,
    long Pushes
)
{
    public WatchRequest ToRequest() => new([.. Subjects.Select(subject => subject.Id)], Cursor);

    /// <summary>Splits the call into smaller ones.</summary>
    public IEnumerable<WatchBatch> Split(int most) =>
        Subjects.Chunk(most).Select(part => this with { Subjects = part });
}
