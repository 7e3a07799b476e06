using Microsoft.AspNetCore.SignalR;
using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>A call or a connection that the hub refused, or a connection that was lost.</summary>
public sealed class PresenceHubException : Exception
{
    /// <summary>The <see cref="Code"/> of a connection that was lost or got no answer, or whose token source has
    /// failed. It passes by itself.</summary>
    public const string Disconnected = "disconnected";

    private const string Marker = "HubException: ";

    internal PresenceHubException(
        string? code,
        string message,
        Exception? innerException = null,
        TimeSpan? retryAfter = null
    )
        : base(message, innerException) => (Code, RetryAfter) = (code, retryAfter);

    /// <summary>One of <see cref="ErrorCode"/> (new ones may come), <see cref="Disconnected"/>, or null when the hub
    /// gave none. Only a call that fails with <see cref="ErrorCode.Unavailable"/> may be retried.</summary>
    public string? Code { get; }

    /// <summary>
    /// The hub asks not to be called again before this time has passed; null when it names none. The client waits that
    /// long before it repeats a call.
    /// </summary>
    public TimeSpan? RetryAfter { get; }

    internal static PresenceHubException From(HubException exception)
    {
        var start = exception.Message.IndexOf(Marker, StringComparison.Ordinal);
        var text = start < 0 ? exception.Message : exception.Message[(start + Marker.Length)..];
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !text.Take(colon).All(char.IsAsciiLetter))
        {
            return new PresenceHubException(null, text, exception);
        }

        var code = text[..colon];
        var retryAfter = code == ErrorCode.Unavailable ? Client.RetryAfter.OfMessage(text) : null;
        return new PresenceHubException(code, text[(colon + 1)..].Trim(), exception, retryAfter);
    }
}
