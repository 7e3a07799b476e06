using System.Globalization;
using System.Text.Json.Nodes;

namespace PresenceHub.GraphEmulator.Requests;

/// <summary>An answer in the error format of Graph.</summary>
internal sealed class GraphError(int status, string code, string message) : IResult
{
    public int Status => status;

    public string Code => code;

    public static GraphError BadRequest(string code, string message) =>
        new(StatusCodes.Status400BadRequest, code, message);

    public static GraphError Forbidden(string message = "Insufficient privileges to complete the operation.") =>
        new(StatusCodes.Status403Forbidden, "Forbidden", message);

    public static GraphError NotFound(string message = "The requested resource could not be found.") =>
        new(StatusCodes.Status404NotFound, "NotFound", message);

    public static GraphError NotASubscription(string id) =>
        new(StatusCodes.Status404NotFound, "ResourceNotFound", $"The object '{id}' was not found.");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var inner = Inner(httpContext);
        return WriteAsync(httpContext, status, code, message, inner);
    }

    /// <summary>The 429 has a format of its own.</summary>
    public static Task WriteThrottledAsync(HttpContext httpContext)
    {
        var inner = Inner(httpContext);
        inner["code"] = "429";
        inner["message"] = "Please retry after";
        inner["status"] = "429";
        return WriteAsync(
            httpContext,
            StatusCodes.Status429TooManyRequests,
            "TooManyRequests",
            "Please retry again later.",
            inner
        );
    }

    private static JsonObject Inner(HttpContext httpContext)
    {
        var now = httpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var requestId = httpContext.Response.Headers["request-id"].ToString();
        var clientRequestId = httpContext.Request.Headers["client-request-id"].ToString();
        return new JsonObject
        {
            ["date"] = now.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
            ["request-id"] = requestId,
            ["client-request-id"] = clientRequestId.Length > 0 ? clientRequestId : requestId,
        };
    }

    private static Task WriteAsync(HttpContext httpContext, int status, string code, string message, JsonObject inner)
    {
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "application/json";
        var body = new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["code"] = code,
                ["message"] = message,
                ["innerError"] = inner,
            },
        };
        return httpContext.Response.WriteAsync(body.ToJsonString(), httpContext.RequestAborted);
    }
}
