using System.Text.RegularExpressions;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// Logs each refused origin once, and at most one line a minute, because clients can send any origin. A full set is
/// cleared, so that an origin may be logged again.
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

    /// <summary>All characters that do not occur in an origin, in particular line breaks and terminal codes.</summary>
    [GeneratedRegex("[^A-Za-z0-9:/.+_[\\]-]")]
    private static partial Regex Unsafe();
}
