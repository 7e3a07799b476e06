using Microsoft.Extensions.Logging;

namespace PresenceHub.Client;

/// <summary>
/// Keeps a hub that is busy for long from filling the log: one warning a minute, the rest at debug level.
/// </summary>
internal sealed class LogPace(TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private long? _warnedAt;

    public LogLevel Next()
    {
        if (_warnedAt is { } warnedAt && time.GetElapsedTime(warnedAt) < Period)
        {
            return LogLevel.Debug;
        }

        _warnedAt = time.GetTimestamp();
        return LogLevel.Warning;
    }
}
