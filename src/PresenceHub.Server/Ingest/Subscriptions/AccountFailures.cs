using System.Globalization;
using System.Net;
using Microsoft.Graph.Models.ODataErrors;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>The recent failures of an account, and the delay until its next attempt.</summary>
internal sealed class AccountFailures(SubscriptionOptions options, SubscriptionTelemetry telemetry, TimeProvider time)
{
    /// <summary>After this many failures in a row the subjects move to other accounts. Most failures end
    /// earlier.</summary>
    private const int FailuresUntilAvoided = 3;

    private static readonly BackOff Retries = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    private bool _isTokenRefused;
    private int _count;

    public bool IsFailing => _count >= FailuresUntilAvoided;

    public bool NeedsSignIn { get; private set; }

    /// <summary>A short code for administrators; null while the subscription works.</summary>
    public string? LastError { get; private set; }

    public DateTimeOffset RetryAt { get; private set; }

    public void RecordSuccess()
    {
        (NeedsSignIn, _isTokenRefused, LastError) = (false, false, null);
        if (_count > 0)
        {
            _count = 0;
            telemetry.Recovered();
        }
    }

    /// <summary>Returns true when the account's token is no longer valid.</summary>
    public bool RecordFailure(Exception exception)
    {
        var isRefusal = exception is ODataError { ResponseStatusCode: (int)HttpStatusCode.Unauthorized };
        if (exception is SignInNeededException || (isRefusal && _isTokenRefused))
        {
            RecordSignInNeeded();
            return true;
        }

        LastError = CodeOf(exception);
        telemetry.Failed(exception, isFirst: _count++ is 0);

        // Graph may refuse a token before it expires. Only the authority knows whether the sign-in is still valid.
        _isTokenRefused |= isRefusal;
        RetryAt =
            time.GetUtcNow()
            + Retries.AfterWithJitter(_count)
            + (exception is GraphThrottledException throttled ? throttled.RetryAfter : TimeSpan.Zero);
        return isRefusal;
    }

    private void RecordSignInNeeded()
    {
        telemetry.SignInNeeded(isFirst: !NeedsSignIn);
        (NeedsSignIn, LastError) = (true, "signInNeeded");
        RetryAt = time.GetUtcNow() + (options.SignInRetryPeriod * (0.8 + (0.2 * Random.Shared.NextDouble())));
    }

    private static string CodeOf(Exception exception) =>
        exception switch
        {
            ODataError error => string.Create(CultureInfo.InvariantCulture, $"graph{error.ResponseStatusCode}"),
            GraphThrottledException => "graph429",
            StackExchange.Redis.RedisException => "store",
            _ => "unreachable",
        };
}
