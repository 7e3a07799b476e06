using Microsoft.AspNetCore.OutputCaching;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// Keeps the OpenAPI document, since the framework generates it for each request. Unlike the framework's policy it
/// ignores the query, the host and a token, so no caller can ask for more than one document of each path prefix.
/// </summary>
internal sealed class ApiDescriptionCaching : IOutputCachePolicy
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        context.EnableOutputCaching = true;
        context.AllowCacheLookup = true;
        context.AllowCacheStorage = true;
        context.AllowLocking = true;
        context.CacheVaryByRules.VaryByHost = false;
        context.ResponseExpirationTimeSpan = Lifetime;
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) =>
        ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        context.AllowCacheStorage = context.HttpContext.Response.StatusCode is StatusCodes.Status200OK;
        return ValueTask.CompletedTask;
    }
}
