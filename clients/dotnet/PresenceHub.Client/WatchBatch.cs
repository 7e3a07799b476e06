using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>One Watch call to the hub.</summary>
/// <param name="Plan">The link that it belongs to.</param>
/// <param name="Subjects">At most as many as <see cref="CallLimit"/> said when the batch was made.</param>
/// <param name="Cursor">The cursor that speaks for all of them; null to be answered in full.</param>
/// <param name="IsResume">Whether this is part of the link's resume.</param>
/// <param name="Pushes">The count of pushes when the call began.</param>
internal sealed record WatchBatch(
    LinkPlan Plan,
    IReadOnlyList<Subject> Subjects,
    string? Cursor,
    bool IsResume,
    long Pushes
)
{
    public WatchRequest ToRequest() => new([.. Subjects.Select(subject => subject.Id)], Cursor);

    /// <summary>The same in smaller calls.</summary>
    public IEnumerable<WatchBatch> Split(int most) =>
        Subjects.Chunk(most).Select(part => this with { Subjects = part });
}
