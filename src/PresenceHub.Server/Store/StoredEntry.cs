using System.Globalization;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Store;

/// <summary>What the store holds for a subject, as a node knows it. Immutable: a newer one takes its place.</summary>
/// <param name="Availability">Empty when Graph does not know the person, or the person was not observed yet.</param>
/// <param name="IsStale">It could not be confirmed in time.</param>
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
    /// What the fan-out has made of the entry, to be had without a lookup and for as long as the entry is held. It is
    /// not part of the value: a copy starts without.
    /// </summary>
    public object? Written { get; set; }

    public bool IsKnown => Availability.Length > 0;

    public bool IsLive => IsKnown && !IsStale;

    /// <summary>A subject of which the store holds nothing.</summary>
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

    /// <summary>Whether a client would see a difference other than a later confirmation.</summary>
    public bool SaysTheSameAs(StoredEntry other) =>
        Epoch == other.Epoch
        && Revision == other.Revision
        && IsStale == other.IsStale
        && Since == other.Since
        && Subject == other.Subject
        && Availability == other.Availability
        && Activity == other.Activity;

    /// <summary>By epoch and revision; of one revision the later confirmation counts.</summary>
    public bool IsOlderThan(StoredEntry held) =>
        (Epoch, Revision, ObservedAt).CompareTo((held.Epoch, held.Revision, held.ObservedAt)) < 0;

    /// <summary>By epoch and revision alone, for entries that are known to come in order.</summary>
    public bool IsOfAnOlderRevisionThan(StoredEntry held) =>
        (Epoch, Revision).CompareTo((held.Epoch, held.Revision)) < 0;

    /// <summary>
    /// The entry as stale, in the epoch of the loss, so that a client that was shown something later which is lost too
    /// takes the mark. Its revision may be later than the new epoch's clock and must not keep out what is written
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
