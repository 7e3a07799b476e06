using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Hubs.Streams;
using PresenceHub.Server.Hubs.WebSockets;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

internal static class HubServiceCollectionExtensions
{
    public static IServiceCollection AddWatchHub(this IServiceCollection services)
    {
        services
            .AddOptionsWithValidateOnStart<AuthenticationOptions, AuthenticationOptionsValidator>()
            .BindConfiguration(AuthenticationOptions.SectionName)
            .ConfigureList(
                $"{AuthenticationOptions.SectionName}:{nameof(AuthenticationOptions.RequiredScopes)}",
                (tokens, scopes) => tokens.RequiredScopes = scopes
            )
            .ConfigureList(
                $"{AuthenticationOptions.SectionName}:{nameof(AuthenticationOptions.RequiredRoles)}",
                (tokens, roles) => tokens.RequiredRoles = roles
            );
        services.AddSingleton<Authority>();
        services.AddHostedService<AuthorityKeys>();
        services.AddHealthChecks().AddCheck<AuthorityHealthCheck>("authority");

        // Before AddJwtBearer, whose last step creates the HTTP client from the handler.
        services
            .AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .PostConfigure<Authority>(
                (bearer, authority) =>
                    bearer.BackchannelHttpHandler = new AuthorityChannel(
                        bearer.BackchannelHttpHandler ?? new HttpClientHandler(),
                        authority
                    )
            );
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();

        // After AddJwtBearer, which adds a reader of Authentication:Schemes: the last configuration wins.
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, TokenAuthentication>();
        services.AddAuthorization();
        services.AddSingleton<IAuthorizationHandler, AccessTokens>();
        services.AddSingleton<AuditedRefusals>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, ForbiddenAnswers>();

        services.AddSingleton<PresenceCalls>();
        services.AddSingleton<PresenceReads>();
        services.AddSingleton<ColdIdQuota>();
        services.AddSingleton<CallRateLimit>();
        services.AddSingleton<IValidateOptions<AdmissionOptions>, AdmissionOptionsValidator>();
        services.AddOptions<AdmissionOptions>().BindConfiguration(AdmissionOptions.SectionName).ValidateOnStart();
        services.AddSingleton<Admissions>();
        services.AddSingleton<CallLimits>();
        services.AddSingleton<HubCallFilter>();
        services.AddSingleton<IUserIdProvider, WatcherClaims>();
        services.AddSingleton<HubLifetimeManager<WatchHub>, ConnectionCapture>();
        services.AddSingleton<WebSocketConnections>();
        services.AddHostedService(provider => provider.GetRequiredService<WebSocketConnections>());
        services.AddSingleton<WebSocketHub<WatchHub>>();
        services.AddSingleton<PresenceStreams>();
        services.AddHostedService(provider => provider.GetRequiredService<PresenceStreams>());
        services.AddSingleton<PresenceStreamHandler>();

        services.AddSignalR(hub => hub.AddFilter<HubCallFilter>()).AddMessagePackProtocol();
        services
            .AddOptions<HubOptions>()
            .Configure<IOptions<WatchListOptions>>(
                (hub, limits) => hub.MaximumReceiveMessageSize = MessageSize.MaxBytes(limits.Value)
            );
        return services.LimitMessages();
    }

    /// <summary>Makes every hub protocol count and measure the messages of a connection.</summary>
    private static IServiceCollection LimitMessages(this IServiceCollection services)
    {
        foreach (var protocol in services.Where(service => service.ServiceType == typeof(IHubProtocol)).ToArray())
        {
            services.Remove(protocol);
            services.AddSingleton<IHubProtocol>(provider =>
                ActivatorUtilities.CreateInstance<RateLimitedHubProtocol>(
                    provider,
                    ActivatorUtilities.CreateInstance(provider, protocol.ImplementationType!)
                )
            );
        }

        return services;
    }

    public static void MapWatchHub(this WebApplication app)
    {
        app.UseUnbufferedEvents();
        app.UseDirectWebSockets();
        app.UseFullNodeRefusal();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseConnectAdmission();

        var stuckAfter = app.Services.GetRequiredService<IOptions<FanoutOptions>>().Value.StuckAfter;
        app.MapHub<WatchHub>("/hubs/presence", connection =>
            {
                // Without this, a connection stays open after its token has expired.
                connection.CloseOnAuthenticationExpiration = true;

                // SignalR would close a client that accepts nothing after ten seconds, before Fanout does, without a
                // log line and a count.
                connection.TransportSendTimeout = stuckAfter + WebSocketConnections.StuckGrace;
            })
            .ServeWebSocketsDirectly<WatchHub>(app);
        app.MapPresence();
        app.MapPresenceStream();
    }
}
