using System.Globalization;
using PresenceHub.GraphEmulator.Requests;

namespace PresenceHub.GraphEmulator.Control;

/// <summary>Counts each request and records the callers that were asked to wait.</summary>
internal sealed class CounterMiddleware(RequestDelegate next, RequestCounters counters, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Operation>() is not { } operation)
        {
            await next(context);
            return;
        }

        var caller = context.Features.Get<GraphCaller>();
        var counts = counters.Of(new CallerKey(caller?.ApplicationId, caller?.AccountId));
        counts.Asked(operation.Name, time.GetUtcNow());
        await next(context);
        if (context.Response.StatusCode == StatusCodes.Status429TooManyRequests)
        {
            counts.OverBudget();
        }

        if (WaitUntil(context.Response.Headers.RetryAfter.ToString()) is { } until)
        {
            counts.ToldToWait(until);
        }
    }

    private DateTimeOffset? WaitUntil(string header)
    {
        if (double.TryParse(header, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return time.GetUtcNow().AddSeconds(seconds);
        }

        return DateTimeOffset.TryParseExact(
            header,
            "R",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var date
        )
            ? date
            : null;
    }
}
