using System.Globalization;
using System.Text;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Hosting;

/// <summary>A logger of <see cref="BoundedLoggerFactory"/>.</summary>
internal sealed class BoundedLogger(ILogger inner, LogCap? cap, TimeProvider time) : ILogger
{
    /// <summary>
    /// Number of events with a limit of their own; the others share one. Few categories have more than a dozen.
    /// </summary>
    internal const int MaxEvents = 256;

    private static readonly EventId Others = new(-1, "others");

    private readonly Lock _gate = new();
    private readonly Dictionary<EventId, LogLimit> _limits = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => cap is { IsScopeDropped: true } ? null : inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => (cap is null || logLevel >= cap.Least) && inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var leftOut = 0L;
        if (logLevel >= LogLevel.Warning && !LimitOf(eventId).TryTake(out leftOut))
        {
            return;
        }

        var isBrief = exception is not null && cap is { IsStackTraceDropped: true };
        if (!isBrief && leftOut is 0)
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
            return;
        }

        inner.Log(logLevel, eventId, state, isBrief ? null : exception, (formatted, _) =>
        {
            var line = new StringBuilder(formatter(formatted, exception));
            for (var cause = isBrief ? exception : null; cause is not null; cause = cause.InnerException)
            {
                line.Append(CultureInfo.InvariantCulture, $" [{cause.GetType().Name}: {cause.Message}]");
            }

            return leftOut is 0
                ? line.ToString()
                : line.Append(CultureInfo.InvariantCulture, $" ({leftOut} more since the last such line)").ToString();
        });
    }

    private LogLimit LimitOf(EventId eventId)
    {
        lock (_gate)
        {
            if (_limits.Count >= MaxEvents && !_limits.ContainsKey(eventId))
            {
                eventId = Others;
            }

            if (!_limits.TryGetValue(eventId, out var limit))
            {
                _limits[eventId] = limit = new LogLimit(time);
            }

            return limit;
        }
    }
}
