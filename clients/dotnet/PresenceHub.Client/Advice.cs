using Microsoft.Extensions.Logging;
using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>Says what to do about a lasting problem: one line for each cause, until a connection has held. Bounded,
/// since the hub names some causes.</summary>
internal sealed class Advice(Uri url, ILogger logger)
{
    private const int MostCauses = 20;

    // What a server answers can be of any length and form.
    private const int LongestText = 300;

    /// <summary>Failed attempts until an outage counts as lasting, or a client that was never connected as
    /// misconfigured.</summary>
    private const int AttemptsUntilUnreachable = 3;

    private readonly string _address = url.ToLogText();
    private readonly Lock _gate = new();
    private readonly HashSet<string> _said = [];

    /// <summary>An attempt has failed, or the connection was lost.</summary>
    /// <param name="status">The status that the failure has led to.</param>
    /// <param name="isRefused">The hub refuses until something is changed elsewhere.</param>
    public void OnFailure(ConnectionStatus status, bool isRefused)
    {
        if (status.Error is not { } error)
        {
            return;
        }

        if (isRefused)
        {
            Say(error.Code!, $"{_address} refuses the connection: {error.Message}", AfterRefusal(error.Code));
        }
        else if (status.Attempt < AttemptsUntilUnreachable)
        {
            return;
        }
        else if (error.InnerException is TokenSourceException)
        {
            Say("token", error.Message, "Check what it calls; the client retries");
        }
        else if (error.Code is PresenceHubException.Disconnected)
        {
            // An address that was connected once is right.
            var isAddressInDoubt = status.State is PresenceConnectionState.Connecting;
            Say(
                "unreachable",
                $"{_address} gives no answer: {error.Message}",
                isAddressInDoubt
                    ? $"Check that the hub runs, and the option {nameof(PresenceClientOptions.Url)}; the client retries"
                    : "Check that the hub runs; the client retries"
            );
        }
    }

    /// <summary>The hub has refused a whole call to watch.</summary>
    public void OnRefusedCall(PresenceHubException error) =>
        Say($"call {error.Code}", $"The hub refuses to watch: {error.Message}", AfterRefusedCall(error.Code));

    /// <summary>The hub does not watch these subjects.</summary>
    public void OnRejected(IEnumerable<RejectedSubject> subjects)
    {
        foreach (var (id, reason) in subjects)
        {
            var text = id?.Length > 40 ? id[..40] : id;
            Say($"rejected {reason}", $"Not watched: {text}, … ({reason})", AfterRejection(reason));
        }
    }

    /// <summary>A connection has held: what comes now is another problem.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _said.Clear();
        }
    }

    private static string AfterRefusal(string? code) =>
        code switch
        {
            ErrorCode.Unauthorized => "Check the scope of the token, and that its user may use this hub",
            ErrorCode.TokenExpired =>
                $"{nameof(PresenceClientOptions.AccessTokenFactory)} must return another token when Refresh is set",
            ErrorCode.LimitExceeded => "Close other connections of this user, or share one client",
            ErrorCode.InvalidRequest =>
                $"Check the option {nameof(PresenceClientOptions.Url)}, which usually ends in /hubs/presence",
            _ => "The client retries",
        };

    private static string AfterRefusedCall(string? code) =>
        code is ErrorCode.LimitExceeded ? "Watch fewer people" : "The call is not repeated";

    private static string AfterRejection(string reason) =>
        reason switch
        {
            RejectionReason.InvalidId => "An id is a person's Entra object id, a GUID",
            RejectionReason.LimitExceeded => "The connection watches as many people as it may; watch fewer",
            _ => "The user of the token may not see them, or they do not exist",
        };

    private void Say(string cause, string problem, string advice)
    {
        lock (_gate)
        {
            if (_said.Count >= MostCauses || !_said.Add(cause))
            {
                return;
            }
        }

        logger.NeedsAttention(Clean(problem), advice);
    }

    private static string Clean(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
        return line.Length > LongestText ? line[..LongestText] : line;
    }
}
