using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.Fanout;

/// <summary>How changes are sent to connections.</summary>
internal sealed class FanoutOptions
{
    public const string SectionName = "Fanout";

    /// <summary>
    /// How long a connection may accept no data before it is closed: 1 second to 5 minutes. Until then it delays no
    /// other connection; its waiting entries stay in memory.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Shortest time between two bookmarks of a connection: 100 milliseconds to 5 minutes. A bookmark follows changes
    /// only and moves the cursor of the client. A shorter time makes resuming cheaper and sends more messages.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan BookmarkPeriod { get; set; } = TimeSpan.FromSeconds(10);
}
