using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using PresenceHub.Server.Hubs;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// Which pages may use this hub from a browser. CORS does not cover WebSockets: a browser opens one to anywhere and only says from
/// where, so that is checked here too. Who is no browser sends no origin, and needs a token all the same.
/// </summary>
internal static class CrossOriginExtensions
{
    private static readonly TimeSpan PreflightMaxAge = TimeSpan.FromMinutes(10);

    public static IServiceCollection AddCrossOrigin(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<CrossOriginOptions>, CrossOriginOptionsValidator>();
        services.AddOptions<CrossOriginOptions>().BindConfiguration(CrossOriginOptions.SectionName).ValidateOnStart();
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<CrossOriginOptions>>((cors, http) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. http.Value.AllowedOrigins])
            .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Delete)
            .AllowAnyHeader()

            // SignalR's browser client asks with credentials, for the cookies of load balancers; the hub itself knows none.
            .AllowCredentials()
            .WithExposedHeaders(HeaderNames.RetryAfter)
            .SetPreflightMaxAge(PreflightMaxAge)));
        return services;
    }

    public static void UseCrossOrigin(this WebApplication app)
    {
        var allowed = app.Services.GetRequiredService<IOptions<CrossOriginOptions>>().Value.AllowedOrigins.ToHashSet(StringComparer.OrdinalIgnoreCase);
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments("/hubs") || context.Request.Path.StartsWithSegments("/api"),
            branch =>
            {
                branch.Use(async (context, next) =>
                {
                    if (context.Request.Headers.Origin is [{ } origin] && !allowed.Contains(origin) && !IsOwn(origin, context.Request.Host))
                    {
                        await Problems.Of(StatusCodes.Status403Forbidden, "Pages of this origin may not use the hub").ExecuteAsync(context);
                        return;
                    }

                    await next(context);
                });
                branch.UseCors();
            });
    }

    /// <summary>By host and port: TLS ends at the proxy, so the scheme is another one there.</summary>
    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, host.Value, StringComparison.OrdinalIgnoreCase);
}
