using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>What became of a page.</summary>
/// <param name="Unread">Subjects that may be why the read failed, still in flight; the others were given back.</param>
/// <param name="Reason">Why they were not read.</param>
internal sealed record PageRead(IReadOnlyList<SubjectId> Unread, Exception? Reason)
{
    public static readonly PageRead Complete = new([], null);
}
