using System.Globalization;
using System.Net;
using Microsoft.Graph.Models.ODataErrors;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>What went wrong for an account lately, and how long it is left alone for it.</summary>
internal sealed class AccountFailures(SubscriptionOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>From so many failures in a row on its subjects go to others: the first ones mend most of what there
    /// is.</summary>
    private const int FailuresUntilAvoided = 3;

    private static readonly BackOff Retries = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    private bool _tokenRefused;
    private int _count;

    public bool IsFailing => _count >= FailuresUntilAvoided;

    public bool NeedsSignIn { get; private set; }

    /// <summary>A short code for administrators; null while all goes well.</summary>
    public string? LastError { get; private set; }

    public DateTimeOffset NotBefore { get; private set; }

    public void Passed()
    {
        (NeedsSignIn, _tokenRefused, LastError) = (false, false, null);
        if (_count > 0)
        {
            _count = 0;
            logger.SubscriptionWorks();
        }
    }

    /// <summary>True when the account's token has to be given up.</summary>
    public bool Failed(Exception exception)
    {
        var isRefusal = exception is ODataError { ResponseStatusCode: (int)HttpStatusCode.Unauthorized };
        if (exception is SignInNeededException || (isRefusal && _tokenRefused))
        {
            SignInEnded();
            return true;
        }

        LastError = CodeOf(exception);
        if (_count++ is 0)
        {
            logger.SubscriptionFailed(FailureReason.Of(exception));
        }

        // Revoked before its time: whether the sign-in still holds, only the authority can say.
        _tokenRefused |= isRefusal;
        NotBefore =
            time.GetUtcNow()
            + Retries.AfterWithJitter(_count)
            + (exception is GraphThrottledException throttled ? throttled.RetryAfter : TimeSpan.Zero);
        return isRefusal;
    }

    private void SignInEnded()
    {
        if (!NeedsSignIn)
        {
            logger.SignInNeeded();
        }

        (NeedsSignIn, LastError) = (true, "signInNeeded");
        NotBefore = time.GetUtcNow() + (options.SignInRetryPeriod * (0.8 + (0.2 * Random.Shared.NextDouble())));
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
