using System.Globalization;
using System.Net;
using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>
/// The wait that the hub's last HTTP answer on one connection asked for: SignalR's exceptions carry no headers.
/// </summary>
internal sealed class ConnectRefusal(TimeProvider time)
{
    private const string RetryAfterHeader = "Retry-After";
    private const string DateHeader = "Date";

    private static readonly string?[] Codes =
    [
        ErrorCode.InvalidRequest,
        ErrorCode.LimitExceeded,
        ErrorCode.Unauthorized,
        ErrorCode.TokenExpired,
        ErrorCode.Unavailable,
    ];

    // Written by the HTTP stack, read once the attempt has failed.
    private volatile object? _retryAfter;

    public TimeSpan? RetryAfter => (TimeSpan?)_retryAfter;

    /// <summary>The code of a refused negotiation, or of a transport that needs another token.</summary>
    public string? Code { get; private set; }

    /// <summary>The hub's explanation of <see cref="Code"/>.</summary>
    public string? Detail { get; private set; }

    /// <summary>The hub has answered a negotiation: what fails afterwards is the transport.</summary>
    public bool IsNegotiated { get; private set; }

    public void Negotiated() => IsNegotiated = true;

    /// <summary>Records a refusal. Most wrong addresses answer with a 4xx status; a server error passes by
    /// itself.</summary>
    public void Refuse(HttpStatusCode status, string? code, string? detail)
    {
        // A gateway's problem may have a code of another kind.
        Code = Codes.Contains(code)
            ? code
            : status switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ErrorCode.Unauthorized,
                HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests => null,
                < HttpStatusCode.InternalServerError => ErrorCode.InvalidRequest,
                _ => null,
            };
        Detail = detail ?? string.Create(CultureInfo.InvariantCulture, $"The hub's address answered {(int)status}.");
    }

    public void Read(HttpResponseMessage response)
    {
        // The typed header drops decimal values.
        var headers = response.Headers.NonValidated;
        var header = headers.TryGetValues(RetryAfterHeader, out var values) ? values.ToString() : null;
        _retryAfter = Client.RetryAfter.OfAnswer(
            response.StatusCode,
            header,
            response.Headers.Date ?? time.GetUtcNow()
        );
    }

    public void Read(HttpStatusCode status, IReadOnlyDictionary<string, IEnumerable<string>>? headers)
    {
        var isDated = DateTimeOffset.TryParseExact(
            Find(headers, DateHeader),
            "r",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var sent
        );
        _retryAfter = Client.RetryAfter.OfAnswer(
            status,
            Find(headers, RetryAfterHeader),
            isDated ? sent : time.GetUtcNow()
        );
    }

    private static string? Find(IReadOnlyDictionary<string, IEnumerable<string>>? headers, string name) =>
        headers
            ?.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Value?.FirstOrDefault();
}
