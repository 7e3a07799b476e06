using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>How requests to Graph are repeated and bounded. Throttling is not repeated here: the poller waits
/// instead.</summary>
internal static class GraphResilience
{
    private const int MaxRetries = 2;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(10);

    /// <summary>While a subscription is created, Graph calls the hub back twice and waits up to ten seconds each
    /// time.</summary>
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Longer than all attempts of a read with their delays; the client's own limit is only a last
    /// resort.</summary>
    public static readonly TimeSpan TotalTimeout = TimeSpan.FromSeconds(60);

    public static void AddRetries(
        ResiliencePipelineBuilder<HttpResponseMessage> builder,
        ResilienceHandlerContext context
    )
    {
        builder.TimeProvider = context.ServiceProvider.GetService<TimeProvider>();
        builder.AddRetry(
            new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = MaxRetries,
                ShouldHandle = arguments =>
                    ValueTask.FromResult(
                        arguments.Context.GetRequestMessage() is { } request
                            && GraphOperation.IsRead(request)
                            && !SingleAttempt.IsWantedFor(request)
                            && IsTransient(arguments.Outcome)
                    ),

                // Full jitter: nodes that failed together must not come back together.
                DelayGenerator = arguments =>
                    ValueTask.FromResult<TimeSpan?>(
                        FirstDelay * Math.Pow(2, arguments.AttemptNumber) * Random.Shared.NextDouble()
                    ),
            }
        );
    }

    public static void AddAttemptTimeout(
        ResiliencePipelineBuilder<HttpResponseMessage> builder,
        ResilienceHandlerContext context
    )
    {
        builder.TimeProvider = context.ServiceProvider.GetService<TimeProvider>();
        builder.AddTimeout(
            new TimeoutStrategyOptions
            {
                TimeoutGenerator = arguments =>
                    ValueTask.FromResult(
                        arguments.Context.GetRequestMessage() is { } request && GraphOperation.IsRead(request)
                            ? ReadTimeout
                            : WriteTimeout
                    ),
            }
        );
    }

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException or TimeoutRejectedException
        || outcome.Result is { StatusCode: >= System.Net.HttpStatusCode.InternalServerError };
}
