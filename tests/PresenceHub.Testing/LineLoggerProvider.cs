using Microsoft.Extensions.Logging;

namespace PresenceHub.Testing;

/// <summary>Hands on what is logged, line by line, as the console would show it.</summary>
internal sealed class LineLoggerProvider(Action<string> onLine) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new LineLogger(categoryName, onLine);

    public void Dispose() { }

    private sealed class LineLogger(string category, Action<string> onLine) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is not LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            onLine($"{NameOf(logLevel)}: {category}[{eventId.Id}]");
            foreach (
                var line in $"{formatter(state, exception)}\n{exception}".Split('\n', StringSplitOptions.TrimEntries)
            )
            {
                if (line.Length > 0)
                {
                    onLine($"      {line}");
                }
            }
        }

        private static string NameOf(LogLevel level) =>
            level switch
            {
                LogLevel.Trace => "trce",
                LogLevel.Debug => "dbug",
                LogLevel.Information => "info",
                LogLevel.Warning => "warn",
                LogLevel.Error => "fail",
                _ => "crit",
            };
    }
}
