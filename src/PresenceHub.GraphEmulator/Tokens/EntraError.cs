using System.Globalization;
using System.Text.Json.Nodes;

namespace PresenceHub.GraphEmulator.Tokens;

/// <summary>An error of the token endpoint in the format of Entra.</summary>
internal sealed class EntraError(
    string error,
    int number,
    string description,
    int status = StatusCodes.Status400BadRequest
) : IResult
{
    public static EntraError InvalidClient(string description, int number) =>
        new("invalid_client", number, description, StatusCodes.Status401Unauthorized);

    public static EntraError InvalidGrant(string description, int number) => new("invalid_grant", number, description);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var now = httpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var trace = Guid.NewGuid().ToString();
        var body = new JsonObject
        {
            ["error"] = error,
            ["error_description"] = $"AADSTS{number}: {description}",
            ["error_codes"] = new JsonArray(number),
            ["timestamp"] = now.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["trace_id"] = trace,
            ["correlation_id"] = trace,
        };
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        return httpContext.Response.WriteAsync(body.ToJsonString(), httpContext.RequestAborted);
    }
}
