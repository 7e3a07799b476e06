using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Hubs;

internal static class HubServiceCollectionExtensions
{
    private const int MaxMessageBytes = 64 * 1024;

    public static IServiceCollection AddWatchHub(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<AuthenticationOptions, AuthenticationOptionsValidator>().BindConfiguration(AuthenticationOptions.SectionName);
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, TokenAuthentication>();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.AddAuthorization();
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = context =>
            context.ProblemDetails.Extensions.TryAdd("code", Problems.CodeOf(context.HttpContext.Response.StatusCode)));

        services.AddSingleton<PresenceReads>();
        services.AddSingleton<CallRateLimit>();
        services.AddSingleton<HubCallFilter>();
        services.AddSingleton<IUserIdProvider, WatcherClaims>();
        services.AddSingleton<HubLifetimeManager<WatchHub>, ConnectionCapture>();
        services.AddSignalR(hub =>
            {
                hub.MaximumReceiveMessageSize = MaxMessageBytes;
                hub.AddFilter<HubCallFilter>();
            })
            .AddMessagePackProtocol();
        return services;
    }

    public static void MapWatchHub(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();

        // Without this a connection goes on after its token has expired.
        app.MapHub<WatchHub>("/hubs/presence", connection => connection.CloseOnAuthenticationExpiration = true);
        app.MapPresence();
    }
}
