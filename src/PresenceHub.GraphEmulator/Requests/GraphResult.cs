using System.Text.Json;

namespace PresenceHub.GraphEmulator.Requests;

/// <summary>A successful answer, written directly to the response.</summary>
internal sealed class GraphResult(Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK) : IResult
{
    private const string ContentType =
        "application/json; odata.metadata=minimal; odata.streaming=true; IEEE754Compatible=false; charset=utf-8";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = ContentType;
        await using (var writer = new Utf8JsonWriter(httpContext.Response.BodyWriter))
        {
            write(writer);
        }

        await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }
}
