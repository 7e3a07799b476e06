using System.Diagnostics.Metrics;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Hubs;

/// <summary>The state of the issuer of client tokens. No token can be validated until its keys are known.</summary>
internal sealed class Authority
{
    /// <summary>
    /// How long after a failed refresh tokens with an unknown key get 503. The library asks the issuer at most once per
    /// <see cref="RefreshInterval"/>, and only when such a token arrives.
    /// </summary>
    internal static readonly TimeSpan FailureLifetime = TimeSpan.FromMinutes(2);

    private readonly TimeProvider _time;
    private readonly ILogger<Authority> _logger;
    private readonly LogLimit _refusedLimit;
    private readonly LogLimit _unknownKeyLimit;
    private readonly Lock _gate = new();
    private long? _failedAt;
    private readonly Counter<long> _refused;

    public Authority(TimeProvider time, IMeterFactory meters, ILogger<Authority> logger)
    {
        (_time, _logger, _refusedLimit, _unknownKeyLimit) = (time, logger, new LogLimit(time), new LogLimit(time));
        var meter = meters.Create("PresenceHub");
        _refused = meter.CreateCounter<long>(
            "presencehub.authentication.refused",
            "{token}",
            "Tokens refused, by the error code of the token library"
        );
        meter.CreateObservableGauge(
            "presencehub.authentication.ready",
            () => HasKeys ? 1 : 0,
            "{authority}",
            "1 when the signing keys of the issuer are known"
        );
    }

    /// <summary>How long a client should wait before it retries while there are no keys.</summary>
    public static TimeSpan RetryAfter => TimeSpan.FromSeconds(5);

    /// <summary>How often tokens with unknown keys, which any client can make up, may cause a refresh of the
    /// keys.</summary>
    public static TimeSpan RefreshInterval => TimeSpan.FromSeconds(30);

    /// <summary>Whether the signing keys are known. It stays true: keys that cannot be refreshed remain in
    /// use.</summary>
    public bool HasKeys { get; private set; }

    public void KeysReceived() => HasKeys = true;

    /// <summary>Records that the issuer did not send its keys.</summary>
    public void RefreshFailed()
    {
        lock (_gate)
        {
            _failedAt = _time.GetTimestamp();
        }
    }

    /// <summary>Records that the issuer has sent its keys.</summary>
    public void RefreshSucceeded()
    {
        lock (_gate)
        {
            _failedAt = null;
        }
    }

    /// <summary>
    /// Whether an unknown key may be one that could not be fetched. If the keys are up to date, the token is refused.
    /// </summary>
    public bool MayLackKey()
    {
        lock (_gate)
        {
            if (_failedAt is not { } failedAt || _time.GetElapsedTime(failedAt) > FailureLifetime)
            {
                return false;
            }
        }

        if (_unknownKeyLimit.TryTake(out var others))
        {
            _logger.KeysNotRefreshed(others);
        }

        return true;
    }

    /// <summary>Counts a refused token, and logs at most one per minute. The token itself is never logged.</summary>
    public void Refused(Exception exception)
    {
        var code = CodeOf(exception);
        _refused.Add(1, KeyValuePair.Create<string, object?>("error", code));
        if (_refusedLimit.TryTake(out var others))
        {
            _logger.TokenRefused(code, exception.GetType().Name, others);
        }
    }

    /// <summary>The library's error code, such as <c>IDX10214</c>; the type of the exception where the message has
    /// none.</summary>
    internal static string CodeOf(Exception exception) =>
        exception.Message.Split(':', 2)[0] is ['I', 'D', 'X', .. { Length: <= 6 } digits] code
        && digits.All(char.IsAsciiDigit)
            ? code
            : exception.GetType().Name;
}
