using PresenceHub.Contracts;

namespace PresenceHub.Server.Store;

/// <summary>One reading of a subject from any source, before the store has ordered it.</summary>
/// <param name="Subject">Who was read.</param>
/// <param name="Availability">Graph's token, or empty when Graph does not know the person.</param>
/// <param name="Activity">Graph's token, or empty when Graph does not know the person.</param>
/// <param name="SequenceNumber">Graph's version stamp, compared ordinally; null when the source carried none.</param>
/// <param name="BegunAt">Store time (µs) before the reading was asked for, so that it is never later than the
/// truth.</param>
/// <param name="Source">Where it comes from.</param>
internal readonly record struct Observation(
    SubjectId Subject,
    string Availability,
    string Activity,
    string? SequenceNumber,
    long BegunAt,
    ObservationSource Source
)
{
    private const int MaxTokenLength = 64;

    /// <summary>Whether Graph knows the person.</summary>
    public bool IsKnown => Availability.Length > 0;

    /// <summary>Graph answered and does not know the person (any more).</summary>
    public static Observation OfUnknownPerson(SubjectId subject, long begunAt) =>
        new(subject, string.Empty, string.Empty, null, begunAt, ObservationSource.Poll);

    /// <summary>Whether a text can be carried as one of Graph's tokens: the store's own separators must not occur in
    /// it.</summary>
    public static bool IsToken(string? text) =>
        text is { Length: > 0 and <= MaxTokenLength } && !text.Any(char.IsControl);
}
