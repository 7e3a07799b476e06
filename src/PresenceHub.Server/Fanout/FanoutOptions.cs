using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.Fanout;

internal sealed class FanoutOptions
{
    public const string SectionName = "Fanout";

    /// <summary>How long a connection may accept nothing before it is closed. Until then it delays no other
    /// connection.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The shortest time between two bookmarks of a connection. A bookmark is sent only after changes were
    /// sent. A shorter period makes a resume cheaper.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan BookmarkPeriod { get; set; } = TimeSpan.FromSeconds(10);
}
