using System.Diagnostics.CodeAnalysis;

namespace PresenceHub.Client;

internal static class SubjectIds
{
    // Anything else the hub rejects; sent again with every resume, a huge one would break the connection's message
    // limit each time.
    public static bool TryNormalize(string? id, [NotNullWhen(true)] out string? normalized)
    {
        normalized = Guid.TryParseExact(id, "D", out var guid) ? guid.ToString("D") : null;
        return normalized is not null;
    }
}
