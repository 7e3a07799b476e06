using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.Fanout;

internal sealed class FanoutOptions
{
    public const string SectionName = "Fanout";

    /// <summary>A connection that takes nothing for this long is closed; until then it costs no other connection
    /// anything.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>At most one bookmark per connection in this time, and only after changes were sent. A shorter one makes
    /// resuming cheaper.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan BookmarkPeriod { get; set; } = TimeSpan.FromSeconds(10);
}
