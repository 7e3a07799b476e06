namespace PresenceHub.Server.Hosting;

/// <summary>Limits what the log categories with a prefix write.</summary>
/// <param name="Category">Prefix of the category's name.</param>
/// <param name="Least">The least severe level that is written.</param>
internal sealed record LogCap(string Category, LogLevel Least)
{
    /// <summary>Whether scopes of these categories are left out.</summary>
    public bool IsScopeDropped { get; init; }

    /// <summary>Whether an exception is written as its type and message, on the line itself.</summary>
    public bool IsStackTraceDropped { get; init; }
}
