using System.Text.RegularExpressions;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// Logs each refused origin once, and one line a minute at most: clients make origins up. A set that is full is
/// emptied, so that an origin may be logged again.
/// </summary>
internal sealed partial class OriginRefusals(TimeProvider time, ILogger<OriginRefusals> logger)
{
    internal const int MaxOrigins = 100;
    private const int MaxLoggedLength = 100;

    private readonly Lock _gate = new();
    private readonly LogLimit _limit = new(time);
    private readonly HashSet<string> _logged = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="origin">The header as it was sent.</param>
    public void Report(string origin)
    {
        var shown = Unsafe().Replace(origin.Length > MaxLoggedLength ? origin[..MaxLoggedLength] : origin, "?");
        long leftOut;
        lock (_gate)
        {
            if (_logged.Contains(shown) || !_limit.TryTake(out leftOut))
            {
                return;
            }

            if (_logged.Count >= MaxOrigins)
            {
                _logged.Clear();
            }

            _logged.Add(shown);
        }

        logger.OriginRefused(shown, leftOut);
    }

    /// <summary>Everything that no origin has, line breaks and terminal codes above all.</summary>
    [GeneratedRegex("[^A-Za-z0-9:/.+_[\\]-]")]
    private static partial Regex Unsafe();
}
