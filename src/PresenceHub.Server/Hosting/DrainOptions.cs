using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.Hosting;

internal sealed class DrainOptions
{
    public const string SectionName = "Drain";

    /// <summary>When this node is told to end, its clients are asked to reconnect elsewhere, spread over this time.
    /// Zero: at once.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:20")]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(10);
}
