using Microsoft.AspNetCore.SignalR;
using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>A call that the hub refused.</summary>
public sealed class PresenceHubException : Exception
{
    private const string Marker = "HubException: ";

    internal PresenceHubException(string? code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>One of <see cref="ErrorCode"/> (new ones may come), or null when the hub gave none. Only <see cref="ErrorCode.Unavailable"/> may be retried.</summary>
    public string? Code { get; }

    internal static PresenceHubException From(HubException exception)
    {
        var start = exception.Message.IndexOf(Marker, StringComparison.Ordinal);
        var text = start < 0 ? exception.Message : exception.Message[(start + Marker.Length)..];
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && text.Take(colon).All(char.IsAsciiLetter)
            ? new PresenceHubException(text[..colon], text[(colon + 1)..].Trim(), exception)
            : new PresenceHubException(null, text, exception);
    }
}
