using PresenceHub.GraphEmulator.Requests;

namespace PresenceHub.GraphEmulator.Throttling;

/// <summary>Answers 429 to requests that exceed a quota.</summary>
internal sealed class ThrottleMiddleware(
    RequestDelegate next,
    RequestBudgets budgets,
    GraphEmulatorOptions options,
    TimeProvider time
)
{
    public Task InvokeAsync(HttpContext context)
    {
        var operation = context.GetEndpoint()?.Metadata.GetMetadata<Operation>();
        if (
            operation is not { NeedsCaller: true }
            || budgets.TrySpend(context.Caller().ApplicationId, operation.Budget) is not { } wait
        )
        {
            return next(context);
        }

        RetryAfter.Write(context.Response, wait, options.Switches.RetryAfter, time.GetUtcNow());
        return GraphError.WriteThrottledAsync(context);
    }
}
