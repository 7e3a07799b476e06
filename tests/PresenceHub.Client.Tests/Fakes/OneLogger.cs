using Microsoft.Extensions.Logging;

namespace PresenceHub.Client.Tests.Fakes;

/// <summary>Gives the same logger for every category.</summary>
internal sealed class OneLogger(ILogger logger) : ILoggerFactory
{
    public void AddProvider(ILoggerProvider provider) { }

    public ILogger CreateLogger(string categoryName) => logger;

    public void Dispose() { }
}
