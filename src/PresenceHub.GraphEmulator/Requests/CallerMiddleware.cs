using PresenceHub.GraphEmulator.Tokens;

namespace PresenceHub.GraphEmulator.Requests;

/// <summary>Names the operation of each request and refuses Graph requests without a valid token.</summary>
internal sealed class CallerMiddleware(RequestDelegate next, BearerTokens bearerTokens)
{
    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers["request-id"] = Guid.NewGuid().ToString();
        if (context.Request.Headers.TryGetValue("client-request-id", out var clientRequestId))
        {
            context.Response.Headers["client-request-id"] = clientRequestId;
        }

        var operation = context.GetEndpoint()?.Metadata.GetMetadata<Operation>();
        if (operation is { NeedsCaller: true })
        {
            var caller = await bearerTokens.TryReadAsync(context.Request);
            if (caller is null)
            {
                context.Response.Headers.WWWAuthenticate = "Bearer";
                await new GraphError(
                    StatusCodes.Status401Unauthorized,
                    "InvalidAuthenticationToken",
                    "Access token is empty, invalid or expired."
                ).ExecuteAsync(context);
                return;
            }

            context.Features.Set(caller);
        }

        await next(context);
    }
}
