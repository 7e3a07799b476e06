using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace PresenceHub.Server.Tests.Store;

/// <summary>Keeps the lines that are logged.</summary>
internal sealed class CountingLogger<T> : ILogger<T>
{
    public ConcurrentQueue<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => Lines.Enqueue(formatter(state, exception));
}
