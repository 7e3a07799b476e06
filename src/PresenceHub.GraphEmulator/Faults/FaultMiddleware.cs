using PresenceHub.GraphEmulator.Requests;
using PresenceHub.GraphEmulator.Throttling;

namespace PresenceHub.GraphEmulator.Faults;

/// <summary>Applies the first matching fault to a request.</summary>
internal sealed class FaultMiddleware(
    RequestDelegate next,
    FaultSet faults,
    GraphEmulatorSwitches switches,
    TimeProvider time
)
{
    private const string Garbage =
        "<!DOCTYPE html><html><body><h1>Our services aren't available right now</h1></body></html>";

    public async Task InvokeAsync(HttpContext context)
    {
        var course = faults.Course;
        var fault = context.GetEndpoint()?.Metadata.GetMetadata<Operation>() is { } operation
            ? course.TakeFor(operation.Name, course.NeedsIds(operation.Name) ? await NamedIdsAsync(context) : null)
            : null;
        if (fault is null)
        {
            await next(context);
            return;
        }

        if (fault.Latency > TimeSpan.Zero || fault.Hang)
        {
            await Task.Delay(fault.Hang ? Timeout.InfiniteTimeSpan : fault.Latency, time, context.RequestAborted);
        }

        if (fault.Status is { } status)
        {
            if (fault.RetryAfter is { } seconds)
            {
                RetryAfter.Write(
                    context.Response,
                    TimeSpan.FromSeconds(seconds),
                    fault.RetryAfterStyle ?? switches.RetryAfter,
                    time.GetUtcNow()
                );
            }

            await new GraphError(status, "EmulatedFault", "This fault was asked for.").ExecuteAsync(context);
        }
        else if (fault.Body != BodyFault.None || fault.DropResponse)
        {
            await SpoilAsync(context, fault);
        }
        else
        {
            await next(context);
        }
    }

    private static async Task<IReadOnlySet<Guid>?> NamedIdsAsync(HttpContext context)
    {
        context.Request.EnableBuffering();
        var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        context.Request.Body.Position = 0;
        return body?.Texts("ids")?.Select(id => Guid.TryParse(id, out var named) ? named : Guid.Empty).ToHashSet();
    }

    private async Task SpoilAsync(HttpContext context, RequestFault fault)
    {
        var (response, body) = (context.Response, context.Response.Body);
        using var made = new MemoryStream();
        response.Body = made;
        try
        {
            await next(context);
        }
        finally
        {
            response.Body = body;
        }

        if (fault.DropResponse)
        {
            context.Abort();
            return;
        }

        if (fault.Body == BodyFault.Garbage)
        {
            response.ContentType = "text/html";
            response.ContentLength = null;
            await response.WriteAsync(Garbage, context.RequestAborted);
            return;
        }

        response.ContentLength = fault.Body == BodyFault.Cut ? made.Length : made.Length / 2;
        await response.Body.WriteAsync(made.GetBuffer().AsMemory(0, (int)(made.Length / 2)), context.RequestAborted);
        if (fault.Body == BodyFault.Cut)
        {
            await response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        }
    }
}
