using Microsoft.AspNetCore.Http.Features;

namespace PresenceHub.GraphEmulator.Requests;

internal static class CallerContext
{
    /// <summary>The caller; only for operations that need one.</summary>
    public static GraphCaller Caller(this HttpContext context) => context.Features.GetRequiredFeature<GraphCaller>();

    public static TBuilder Operation<TBuilder>(this TBuilder builder, Operation operation)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(operation);
}
