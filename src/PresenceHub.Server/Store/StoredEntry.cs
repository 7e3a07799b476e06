using System.Globalization;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Store;

/// <summary>The entry of a subject in the store, as a node knows it. Immutable: a newer one replaces it.</summary>
/// <param name="Availability">Empty when Graph does not know the subject, or the subject was not observed yet.</param>
/// <param name="IsStale">Whether the entry was not confirmed in time.</param>
internal sealed record StoredEntry(
    SubjectId Subject,
    string Availability,
    string Activity,
    long Since,
    long ObservedAt,
    long Epoch,
    long Revision,
    bool IsStale = false
)
{
    private const int FieldCount = 5;

    private StoredEntry(StoredEntry other)
    {
        (Subject, Availability, Activity, Since) = (other.Subject, other.Availability, other.Activity, other.Since);
        (ObservedAt, Epoch, Revision, IsStale) = (other.ObservedAt, other.Epoch, other.Revision, other.IsStale);
    }

    /// <summary>
    /// The serialized form of the entry, which Fanout sets. It needs no lookup and lives as long as the entry. It is
    /// not part of the value: a copy starts without it.
    /// </summary>
    public object? Written { get; set; }

    public bool IsKnown => Availability.Length > 0;

    public bool IsLive => IsKnown && !IsStale;

    /// <summary>The entry of a subject that the store does not hold.</summary>
    public static StoredEntry NeverObserved(SubjectId subject, long epoch) =>
        new(subject, string.Empty, string.Empty, Since: 0, ObservedAt: 0, epoch, Revision: 0);

    /// <summary>Reads availability, activity, since, observed at and revision, separated by tabs, as the scripts write
    /// them.</summary>
    public static bool TryParse(SubjectId subject, long epoch, ReadOnlySpan<char> fields, out StoredEntry? entry)
    {
        entry = null;
        Span<Range> parts = stackalloc Range[FieldCount + 1];
        if (
            fields.Split(parts, '\t') != FieldCount
            || !TryParseNumber(fields[parts[2]], out var since)
            || !TryParseNumber(fields[parts[3]], out var observedAt)
            || !TryParseNumber(fields[parts[4]], out var revision)
        )
        {
            return false;
        }

        entry = new StoredEntry(
            subject,
            fields[parts[0]].ToString(),
            fields[parts[1]].ToString(),
            since,
            observedAt,
            epoch,
            revision
        );
        return true;
    }

    public bool Equals(StoredEntry? other) =>
        other is not null && ObservedAt == other.ObservedAt && SaysTheSameAs(other);

    public override int GetHashCode() => HashCode.Combine(Subject, Epoch, Revision, ObservedAt, IsStale);

    /// <summary>Whether the entries differ at most in the time of the last confirmation.</summary>
    public bool SaysTheSameAs(StoredEntry other) =>
        Epoch == other.Epoch
        && Revision == other.Revision
        && IsStale == other.IsStale
        && Since == other.Since
        && Subject == other.Subject
        && Availability == other.Availability
        && Activity == other.Activity;

    /// <summary>Compares epoch and revision. Of equal revisions the later confirmation is newer.</summary>
    public bool IsOlderThan(StoredEntry held) =>
        (Epoch, Revision, ObservedAt).CompareTo((held.Epoch, held.Revision, held.ObservedAt)) < 0;

    /// <summary>Compares only epoch and revision, for entries that arrive in order.</summary>
    public bool IsOfAnOlderRevisionThan(StoredEntry held) =>
        (Epoch, Revision).CompareTo((held.Epoch, held.Revision)) < 0;

    /// <summary>
    /// The entry as stale, in the epoch of the loss, so that it also replaces a later entry of a client that is lost
    /// too. Its revision may be later than the clock of the new epoch, and must not hide entries that are written
    /// there.
    /// </summary>
    public StoredEntry MarkedAsLost(long epoch) =>
        epoch == Epoch
            ? this with
            {
                IsStale = true,
            }
            : this with
            {
                IsStale = true,
                Epoch = epoch,
                Revision = Math.Min(Revision, epoch),
            };

    public PresenceEntry ToContract() =>
        IsKnown
            ? new(
                Subject.ToString(),
                Availability,
                Activity,
                IsStale ? Freshness.Stale : Freshness.Live,
                StoreTime.ToInstant(Since),
                StoreTime.ToInstant(ObservedAt),
                Epoch,
                Revision
            )
            : new(
                Subject.ToString(),
                PresenceToken.PresenceUnknown,
                PresenceToken.PresenceUnknown,
                Freshness.Unknown,
                null,
                null,
                Epoch,
                Revision
            );

    internal static bool TryParseNumber(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
