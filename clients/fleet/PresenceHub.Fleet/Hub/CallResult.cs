namespace PresenceHub.Fleet.Hub;

/// <summary>The end of a call: an error with the hub's stable code, or success, for a <c>Watch</c> with its cursor.</summary>
internal readonly record struct CallResult(string? Error, string? Cursor)
{
    /// <summary>The stable code of the contract in the error, without what SignalR writes around it; null on success.</summary>
    public string? Code
    {
        get
        {
            if (Error is null)
            {
                return null;
            }

            const string Prefix = "HubException: ";
            var start = Error.IndexOf(Prefix, StringComparison.Ordinal);
            var text = start < 0 ? Error : Error[(start + Prefix.Length)..];
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            return colon > 0 && text[..colon].All(char.IsAsciiLetter) ? text[..colon] : "error";
        }
    }
}
