using PresenceHub.Contracts;

namespace PresenceHub.Server.Store;

/// <summary>One reading of a subject from any source, before the store has ordered it.</summary>
/// <param name="Subject">The subject that was read.</param>
/// <param name="Availability">Graph's token, or empty when Graph does not know the subject.</param>
/// <param name="Activity">Graph's token, or empty when Graph does not know the subject.</param>
/// <param name="SequenceNumber">Graph's version stamp, compared ordinally; null when the source has none.</param>
/// <param name="BegunAt">The store time (µs) before the request, so that it is never later than the actual
/// state.</param>
/// <param name="Source">The source of the reading.</param>
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

    /// <summary>Whether Graph knows the subject.</summary>
    public bool IsKnown => Availability.Length > 0;

    /// <summary>The observation that Graph does not, or no longer, know the subject.</summary>
    public static Observation OfUnknownPerson(SubjectId subject, long begunAt) =>
        new(subject, string.Empty, string.Empty, null, begunAt, ObservationSource.Poll);

    /// <summary>Whether a text can be stored as one of Graph's tokens: it must not contain the separators of the
    /// store.</summary>
    public static bool IsToken(string? text) =>
        text is { Length: > 0 and <= MaxTokenLength } && !text.Any(char.IsControl);
}
