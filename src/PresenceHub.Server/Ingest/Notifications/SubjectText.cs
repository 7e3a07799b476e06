using System.Text.RegularExpressions;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>Finds the subjects that a text names, such as <c>users/{id}/presence</c> or <c>users('{id}')</c>.</summary>
internal static partial class SubjectText
{
    /// <summary>Enough for the ids of a tenant and a user. A longer text lists a whole subscription.</summary>
    internal const int MaxLength = 512;

    public static IReadOnlyList<SubjectId> AllIn(string? text) =>
        text is null or { Length: > MaxLength }
            ? []
            :
            [
                .. from match in Ids().Matches(text)
                let subject = SubjectId.TryParse(match.Value, out var parsed) ? parsed : default
                select subject,
            ];

    [GeneratedRegex("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")]
    private static partial Regex Ids();
}
