using PresenceHub.Contracts;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Tests.Store;

internal static class Entries
{
    public static readonly SubjectId Ada = new(Guid.Parse("11111111-1111-1111-1111-111111111111"));
    public static readonly SubjectId Ben = new(Guid.Parse("22222222-2222-2222-2222-222222222222"));

    public static StoredEntry Of(
        SubjectId subject,
        string availability,
        long epoch,
        long revision,
        long observedAt = 1_000
    ) => new(subject, availability, availability, Since: observedAt, observedAt, epoch, revision);

    public static ChangeMessage Message(long epoch, long offset, params StoredEntry[] entries) =>
        new(new PartitionPosition(epoch, offset, Clock: epoch + offset), entries);

    public static PartitionSnapshot Listing(long epoch, long offset, params StoredEntry?[] entries) =>
        ListingAt(long.MaxValue, epoch, offset, entries);

    /// <param name="time">The server's own time (µs).</param>
    public static PartitionSnapshot ListingAt(long time, long epoch, long offset, params StoredEntry?[] entries) =>
        new(new PartitionPosition(epoch, offset, Clock: epoch + offset), entries, time);
}
