using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace PresenceHub.Server.Control;

/// <summary>Problem details that say when to come back. Every 429 and 503 of the hub does.</summary>
internal sealed class RetryLaterAnswer(ProblemHttpResult problem, TimeSpan? retryAfter) : IResult, IStatusCodeHttpResult
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    public int? StatusCode => problem.StatusCode;

    public static bool IsDueFor(int status) =>
        status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable;

    /// <summary>Sets the header: whole seconds, at least one.</summary>
    public static void SetRetryAfter(HttpResponse response, TimeSpan? retryAfter = null)
    {
        var time = retryAfter > Shortest ? retryAfter.Value : Shortest;
        response.Headers.RetryAfter = ((int)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        SetRetryAfter(httpContext.Response, retryAfter);
        return problem.ExecuteAsync(httpContext);
    }
}
