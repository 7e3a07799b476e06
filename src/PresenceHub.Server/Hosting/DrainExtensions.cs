using PresenceHub.Server.Control;
using PresenceHub.Server.Hubs;

namespace PresenceHub.Server.Hosting;

internal static class DrainExtensions
{
    public static IServiceCollection AddDrain(this IServiceCollection services)
    {
        services
            .AddOptionsWithValidateOnStart<DrainOptions, DrainOptionsValidator>()
            .BindConfiguration(DrainOptions.SectionName);
        services.AddSingleton<Drain>();

        // The lifetime is created while the host is built, before the settings are checked, and the drain needs the
        // settings.
        services.AddSingleton(provider => new Lazy<Drain>(provider.GetRequiredService<Drain>));
        services.AddSingleton<IHostLifetime, DrainLifetime>();
        services.AddHealthChecks().AddCheck<Drain>("drain");
        return services;
    }

    /// <summary>A node that shuts down accepts no new connections and tells clients when to retry.</summary>
    public static void UseDrain(this WebApplication app)
    {
        var drain = app.Services.GetRequiredService<Drain>();
        app.Use(
            async (context, next) =>
            {
                if (!context.Request.Path.StartsWithSegments("/hubs") && !EventStreams.IsOfPresence(context.Request))
                {
                    await next(context);
                    return;
                }

                using var request = drain.Enter();
                if (!drain.IsDraining || ConnectAdmission.BelongsToConnection(context.Request))
                {
                    await next(context);
                    return;
                }

                await Problems
                    .RetryLater(StatusCodes.Status503ServiceUnavailable, "This node is going away")
                    .ExecuteAsync(context);
            }
        );
    }
}
