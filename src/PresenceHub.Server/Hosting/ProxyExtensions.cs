using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Hosting;

/// <summary>Restores the address, scheme, host and path with which the first known proxy received a request.</summary>
internal static class ProxyExtensions
{
    private const string TrustEverySender = "ForwardedHeaders_Enabled";

    public static IServiceCollection AddProxies(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<ProxyOptions>, ProxyOptionsValidator>();
        services
            .AddOptions<ProxyOptions>()
            .BindConfiguration(ProxyOptions.SectionName)
            .ConfigureList($"{ProxyOptions.SectionName}:{nameof(ProxyOptions.KnownProxies)}", (http, proxies) =>
                http.KnownProxies = proxies
            )
            .ValidateOnStart();

        // ASPNETCORE_FORWARDEDHEADERS_ENABLED adds a middleware with these options, which trusts every sender.
        services.PostConfigure<ForwardedHeadersOptions>(options => options.ForwardedHeaders = ForwardedHeaders.None);
        return services;
    }

    /// <summary>
    /// Must come before everything that reads the client's address, the scheme, the host or the path.
    /// </summary>
    public static void UseProxies(this WebApplication app)
    {
        var networks = app
            .Services.GetRequiredService<IOptions<ProxyOptions>>()
            .Value.KnownProxies.Select(ProxyOptions.TryParseProxy);
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders =
                ForwardedHeaders.XForwardedFor
                | ForwardedHeaders.XForwardedProto
                | ForwardedHeaders.XForwardedHost
                | ForwardedHeaders.XForwardedPrefix,

            // Any number of known proxies in a row.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in networks)
        {
            options.KnownIPNetworks.Add(network!.Value);
        }

        // An X-Forwarded-Host outside AllowedHosts is ignored, as a Host outside it is refused.
        var hosts = app.Configuration["AllowedHosts"]?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [];
        options.AllowedHosts = hosts.Contains("*") ? [] : hosts;

        // Without any known proxy the middleware would trust every sender.
        if (options.KnownIPNetworks.Count > 0)
        {
            app.UseForwardedHeaders(options);
        }
        else if (string.Equals(app.Configuration[TrustEverySender], "true", StringComparison.OrdinalIgnoreCase))
        {
            app.Logger.ForwardedHeadersIgnored();
        }

        app.UsePathPrefix();
    }
}
