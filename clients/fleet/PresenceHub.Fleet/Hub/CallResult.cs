namespace PresenceHub.Fleet.Hub;

/// <summary>
/// The end of a call: an error with the hub's stable code, or success, for a <c>Watch</c> with its cursor.
/// </summary>
internal readonly record struct CallResult(string? Error, string? Cursor)
{
    /// <summary>
    /// The stable code of the contract in the error, without what SignalR writes around it; null on success.
    /// </summary>
    public string? Code => Error is null ? null : CodeOf(Error);

    /// <summary>The stable code of the contract in an error; "error" when there is none.</summary>
    public static string CodeOf(string error)
    {
        const string Prefix = "HubException: ";
        var start = error.IndexOf(Prefix, StringComparison.Ordinal);
        var text = start < 0 ? error : error[(start + Prefix.Length)..];
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && text[..colon].All(char.IsAsciiLetter) ? text[..colon] : "error";
    }
}
