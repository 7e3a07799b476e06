using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// Bounds what every logger may write, whatever the configuration says. Logging filters would not hold: a rule for one
/// provider, such as <c>Logging:Console:LogLevel:Default</c>, has precedence over them.
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
    /// <summary>The first that matches a category holds.</summary>
    private static readonly LogCap[] Caps =
    [
        // A client that is refused, breaks off or sends nonsense is an error here, with a stack trace. HubCallFilter
        // logs what fails in the hub itself.
        new("Microsoft.AspNetCore.SignalR", LogLevel.Critical),
        new("Microsoft.AspNetCore.Http.Connections", LogLevel.Critical),
        new("Microsoft.AspNetCore.WebSockets", LogLevel.Critical),
        // An error for each probe of a node that is not ready. What makes it so is logged where it is noticed.
        new("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical),
        // The log scope of a request holds its path, and that of the webhook is a secret.
        new("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning) { IsScopeDropped = true },
        // A warning that nothing encrypts the keys in Redis. The hub has one of its own, which names the setting
        // (1070).
        new("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error)
        {
            IsStackTraceDropped = true,
        },
        // Queries, paths, redirects and broken request lines at lower levels; stack traces for what a client made up.
        new("Microsoft.AspNetCore", LogLevel.Warning) { IsStackTraceDropped = true },
        // Three lines for each request to Graph, and a client can make requests necessary.
        new("Polly", LogLevel.Warning),
        // Reasons why a token is refused.
        new("Microsoft.IdentityModel", LogLevel.Warning) { IsStackTraceDropped = true },
    ];

    // Authentication handlers create a logger for each request: all of one category share its limits.
    private readonly ConcurrentDictionary<string, BoundedLogger> _loggers = new(StringComparer.Ordinal);

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, Create);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();

    /// <summary>Bounds every logger of the application.</summary>
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
