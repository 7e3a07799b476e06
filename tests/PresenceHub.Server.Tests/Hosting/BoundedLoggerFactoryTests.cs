using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Hosting;

namespace PresenceHub.Server.Tests.Hosting;

public sealed class BoundedLoggerFactoryTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ScopedLog _log = new();
    private readonly BoundedLoggerFactory _factory;

    public BoundedLoggerFactoryTests() =>
        _factory = new BoundedLoggerFactory(
            LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_log)),
            _time
        );

    public void Dispose() => _factory.Dispose();

    [Fact]
    public void Log_OneEventAgain_IsWrittenOnceAMinuteAndThenWithACount()
    {
        var logger = _factory.CreateLogger("PresenceHub.Server.Store");
        for (var i = 0; i < 3; i++)
        {
            logger.Log(LogLevel.Warning, new EventId(1), i, null, (state, _) => $"line {state}");
        }

        logger.Log(LogLevel.Warning, new EventId(2), 0, null, (_, _) => "another event");
        _time.Advance(TimeSpan.FromMinutes(1));
        logger.Log(LogLevel.Warning, new EventId(1), 3, null, (state, _) => $"line {state}");
        _factory
            .CreateLogger("PresenceHub.Server.Hubs")
            .Log(LogLevel.Warning, new EventId(1), 0, null, (_, _) => "another category");

        Assert.Equal(
            ["line 0", "another event", "line 3 (2 more since the last such line)", "another category"],
            _log.Lines
        );
    }

    [Fact]
    public void CreateLogger_AgainForOneCategory_SharesTheLimits()
    {
        for (var i = 0; i < 3; i++)
        {
            _factory
                .CreateLogger("Microsoft.AspNetCore.Authentication.JwtBearer.JwtBearerHandler")
                .Log(LogLevel.Warning, new EventId(1), i, null, (state, _) => $"line {state}");
        }

        Assert.Equal(["line 0"], _log.Lines);
    }

    [Fact]
    public void Log_Information_IsNotLimited()
    {
        var logger = _factory.CreateLogger("PresenceHub.Server.Control.Audit");
        for (var i = 0; i < 3; i++)
        {
            logger.Log(LogLevel.Information, new EventId(8001), i, null, (state, _) => $"{state}");
        }

        Assert.Equal(["0", "1", "2"], _log.Lines);
    }

    [Fact]
    public void Log_EventsBeyondTheTrackedNumber_ShareALimit()
    {
        var logger = _factory.CreateLogger("Library");
        for (var i = 0; i < 10 * BoundedLogger.MaxEvents; i++)
        {
            logger.Log(LogLevel.Error, new EventId(i), i, null, (state, _) => $"{state}");
        }

        Assert.Equal(BoundedLogger.MaxEvents + 1, _log.Lines.Count);
    }

    [Theory]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Information, false)]
    [InlineData("Microsoft.AspNetCore.Routing.EndpointMiddleware", LogLevel.Debug, false)]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.Debug, false)]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Warning, true)]
    [InlineData("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.Error, false)]
    [InlineData("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.Critical, true)]
    [InlineData("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService", LogLevel.Error, false)]
    [InlineData("Microsoft.IdentityModel.LoggingExtensions.IdentityLoggerAdapter", LogLevel.Information, false)]
    [InlineData("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Warning, false)]
    [InlineData("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error, true)]
    [InlineData("Microsoft.Hosting.Lifetime", LogLevel.Information, true)]
    [InlineData("PresenceHub.Server.Store", LogLevel.Trace, true)]
    public void IsEnabled_EverythingIsConfiguredToTrace_HoldsTheCap(string category, LogLevel level, bool isWritten)
    {
        var services = new ServiceCollection()
            .AddSingleton<ILoggerProvider>(_log)
            .AddLogging(logging =>
                logging.AddConfiguration(
                    new ConfigurationBuilder()
                        .AddInMemoryCollection(
                            new Dictionary<string, string?>
                            {
                                ["LogLevel:Default"] = "Trace",
                                [$"{nameof(ScopedLog)}:LogLevel:{category}"] = "Trace",
                                [$"PresenceHub.Server.Tests.Hosting.{nameof(ScopedLog)}:LogLevel:Default"] = "Trace",
                            }
                        )
                        .Build()
                )
            );
        BoundedLoggerFactory.AddTo(services);
        using var provider = services.BuildServiceProvider();
        var logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger(category);

        logger.Log(level, new EventId(1), "text", null, (state, _) => state);

        Assert.Equal(isWritten, logger.IsEnabled(level));
        Assert.Equal(isWritten ? ["text"] : [], _log.Lines);
    }

    [Fact]
    public void Log_ExceptionOfTheFramework_IsWrittenOnTheLine()
    {
        var exception = new InvalidOperationException("outer", new IOException("inner"));
        _factory
            .CreateLogger("Microsoft.AspNetCore.DataProtection.KeyManagement.KeyRingProvider")
            .Log(LogLevel.Error, new EventId(1), "text", exception, (state, _) => state);
        _factory
            .CreateLogger("Microsoft.Extensions.Hosting.Internal.Host")
            .Log(LogLevel.Error, new EventId(1), "text", exception, (state, _) => state);

        Assert.Equal(
            [
                "text [InvalidOperationException: outer] [IOException: inner]",
                $"text with {nameof(InvalidOperationException)}",
            ],
            _log.Lines
        );
    }

    [Fact]
    public void BeginScope_OfARequest_IsLeftOut()
    {
        using var request = _factory
            .CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics")
            .BeginScope("RequestPath:/graph/notifications/secret");
        using var own = _factory.CreateLogger("PresenceHub.Server.Ingest").BeginScope("own");

        Assert.Equal(["own"], _log.Scopes);
    }

    private sealed class ScopedLog : ILoggerProvider, ILogger
    {
        public List<string> Lines { get; } = [];

        public List<string> Scopes { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Scopes.Add($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) =>
            Lines.Add(
                formatter(state, exception) + (exception is null ? string.Empty : $" with {exception.GetType().Name}")
            );

        public void Dispose() { }
    }
}
