using Microsoft.AspNetCore.Http.Features;

namespace PresenceHub.GraphEmulator.Requests;

internal static class CallerContext
{
    /// <summary>Who calls; only for operations that need a caller.</summary>
    public static GraphCaller Caller(this HttpContext context) => context.Features.GetRequiredFeature<GraphCaller>();

    public static TBuilder Operation<TBuilder>(this TBuilder builder, Operation operation)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(operation);
}
