using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// Restricts which pages may use the hub from a browser. CORS does not cover WebSockets: a browser opens one to any
/// host and only sends its <c>Origin</c>, so this header is checked here too. Non-browser clients send no
/// <c>Origin</c>; they need a token like every client.
/// </summary>
internal static class CrossOriginExtensions
{
    private static readonly TimeSpan PreflightMaxAge = TimeSpan.FromMinutes(10);
    private static readonly PathString[] Paths = ["/hubs", "/api", "/dev"];

    public static IServiceCollection AddCrossOrigin(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<CrossOriginOptions>, CrossOriginOptionsValidator>();
        services
            .AddOptions<CrossOriginOptions>()
            .ConfigureList(
                $"{CrossOriginOptions.SectionName}:{nameof(CrossOriginOptions.AllowedOrigins)}",
                (http, origins) => http.AllowedOrigins = origins
            )
            .ValidateOnStart();
        services.AddSingleton<AllowedOrigins>();
        services.AddSingleton<OriginRefusals>();
        services.AddCors();
        services
            .AddOptions<CorsOptions>()
            .Configure<AllowedOrigins>(
                (cors, origins) =>
                    cors.AddDefaultPolicy(policy =>
                        policy
                            .SetIsOriginAllowed(origin =>
                                WebOrigin.TryParse(origin) is { } parsed && origins.Contains(parsed)
                            )
                            .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Delete)
                            .AllowAnyHeader()
                            // SignalR's browser client sends credentials for the cookies of load balancers; the hub
                            // itself uses no cookies.
                            .AllowCredentials()
                            .WithExposedHeaders(HeaderNames.RetryAfter)
                            .SetPreflightMaxAge(PreflightMaxAge)
                    )
            );
        return services;
    }

    public static void UseCrossOrigin(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<AllowedOrigins>();
        var refusals = app.Services.GetRequiredService<OriginRefusals>();
        app.UseWhen(
            context => Array.Exists(Paths, path => context.Request.Path.StartsWithSegments(path)),
            branch =>
            {
                branch.Use(
                    async (context, next) =>
                    {
                        var origin = context.Request.Headers.Origin;
                        if (origin.Count > 0 && !IsAllowed(origin.ToString(), context.Request.Host))
                        {
                            refusals.Report(origin.ToString());
                            await Problems
                                .Of(StatusCodes.Status403Forbidden, "Pages of this origin may not use the hub")
                                .ExecuteAsync(context);
                            return;
                        }

                        await next(context);
                    }
                );
                branch.UseCors();
            }
        );

        bool IsAllowed(string origin, HostString host) =>
            WebOrigin.TryParse(origin) is { } parsed && (origins.Contains(parsed) || parsed.IsAt(host));
    }
}
