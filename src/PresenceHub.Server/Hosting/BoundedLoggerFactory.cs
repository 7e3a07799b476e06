using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// Limits what loggers write, independent of the configuration. Logging filters are not sufficient: a rule for one
/// provider, such as <c>Logging:Console:LogLevel:Default</c>, takes precedence over them.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>Parts of the framework write what clients send, such as the query of a request with its token: they are
/// capped.</item>
/// <item>A warning or error of one cause, which is one event of one category, is written once a minute, and then with a
/// count.</item>
/// </list>
/// </remarks>
internal sealed class BoundedLoggerFactory(ILoggerFactory inner, TimeProvider time) : ILoggerFactory
{
    /// <summary>The first match of a category applies.</summary>
    private static readonly LogCap[] Caps =
    [
        // The framework logs a client that is refused, disconnects or sends invalid data as an error with a stack
        // trace. HubCallFilter logs failures of the hub itself.
        new("Microsoft.AspNetCore.SignalR", LogLevel.Critical),
        new("Microsoft.AspNetCore.Http.Connections", LogLevel.Critical),
        new("Microsoft.AspNetCore.WebSockets", LogLevel.Critical),
        // The framework logs an error for each probe of a node that is not ready. The cause is logged where it is
        // noticed.
        new("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical),
        // The log scope of a request contains its path, and the path of the webhook is a secret.
        new("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning) { IsScopeDropped = true },
        // A warning that nothing encrypts the keys in Redis. The warning of the hub (1070) names the setting.
        new("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error)
        {
            IsStackTraceDropped = true,
        },
        // Lower levels contain queries, paths, redirects and malformed request lines; invalid input causes stack
        // traces.
        new("Microsoft.AspNetCore", LogLevel.Warning) { IsStackTraceDropped = true },
        // Three lines for each request to Graph, and clients cause such requests.
        new("Polly", LogLevel.Warning),
        // Reasons why a token is refused.
        new("Microsoft.IdentityModel", LogLevel.Warning) { IsStackTraceDropped = true },
    ];

    // Authentication handlers create a logger for each request, so all loggers of a category share its limits.
    private readonly ConcurrentDictionary<string, BoundedLogger> _loggers = new(StringComparer.Ordinal);

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, Create);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();

    /// <summary>Limits every logger of the application.</summary>
    public static void AddTo(IServiceCollection services) =>
        services.AddSingleton<ILoggerFactory>(provider => new BoundedLoggerFactory(
            new LoggerFactory(
                provider.GetServices<ILoggerProvider>(),
                provider.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>(),
                provider.GetRequiredService<IOptions<LoggerFactoryOptions>>()
            ),
            TimeProvider.System
        ));

    private BoundedLogger Create(string categoryName) =>
        new(
            inner.CreateLogger(categoryName),
            Array.Find(Caps, cap => categoryName.StartsWith(cap.Category, StringComparison.Ordinal)),
            time
        );
}
