using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace PresenceHub.Server.Tests.Ingest;

/// <summary>Keeps what the hubs of these tests have logged.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    public static ConcurrentQueue<string> Lines { get; } = new();

    public ConcurrentBag<int> EventIds { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => Note(eventId.Id, $"{logLevel} {eventId.Id} {formatter(state, exception)} {exception}");

    public void Dispose() { }

    private void Note(int eventId, string line)
    {
        EventIds.Add(eventId);
        Lines.Enqueue(line);
    }
}
