using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PresenceHub.Client;

/// <summary>Adds the client of a presence hub to an application.</summary>
public static class PresenceClientExtensions
{
    /// <summary>The name of the HTTP client that asks <see cref="PresenceClientOptions.TokenUrl"/> for tokens, to add
    /// handlers to it.</summary>
    public const string HttpClientName = "PresenceHub.Client";

    /// <summary>
    /// Adds one <see cref="PresenceClient"/>, which connects when the host starts, without delaying it, and disconnects
    /// when the host stops. Its options come from the section <see cref="PresenceClientOptions.SectionName"/> of the
    /// configuration and are checked at the start: an <see cref="OptionsValidationException"/> names the setting. The
    /// client logs to the application's loggers and measures with its <see cref="IMeterFactory"/>. A second call
    /// configures the same client.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Sets what the configuration does not; it comes after the configuration.</param>
    /// <returns>The options, for instance to set a token source that needs a service.</returns>
    public static OptionsBuilder<PresenceClientOptions> AddPresenceClient(
        this IServiceCollection services,
        Action<PresenceClientOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<PresenceClientOptions>();
        if (!services.Any(service => service.ServiceType == typeof(PresenceClient)))
        {
            services.AddHttpClient(HttpClientName);
            services.TryAddEnumerable(
                ServiceDescriptor.Singleton<IValidateOptions<PresenceClientOptions>, PresenceClientOptionsValidator>()
            );
            services.AddSingleton(provider => new PresenceClient(
                provider.GetRequiredService<IOptions<PresenceClientOptions>>().Value
            ));
            services.AddHostedService<PresenceClientService>();
            options
                .Configure<IServiceProvider>(UseServices)
                .BindConfiguration(PresenceClientOptions.SectionName, binder =>
                    binder.ErrorOnUnknownConfiguration = true
                )
                .PostConfigure<IHttpClientFactory>(UseTokenUrl)
                .ValidateOnStart();
        }

        return configure is null ? options : options.Configure(configure);
    }

    private static void UseServices(PresenceClientOptions options, IServiceProvider services)
    {
        options.LoggerFactory = services.GetService<ILoggerFactory>() ?? options.LoggerFactory;
        options.TimeProvider = services.GetService<TimeProvider>() ?? options.TimeProvider;
        options.MeterFactory = services.GetService<IMeterFactory>();
    }

    private static void UseTokenUrl(PresenceClientOptions options, IHttpClientFactory clients)
    {
        if (options is { TokenUrl: { IsAbsoluteUri: true } url, AccessTokenFactory: null })
        {
            options.AccessTokenFactory = new TokenUrlSource(clients, url, options.TimeProvider).GetAsync;
        }
    }
}
