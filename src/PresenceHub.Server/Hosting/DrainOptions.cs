using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.Hosting;

/// <summary>How a node shuts down.</summary>
internal sealed class DrainOptions
{
    public const string SectionName = "Drain";

    /// <summary>
    /// Time over which a node that shuts down asks its clients to reconnect elsewhere: 0 to 20 seconds. Zero asks all
    /// of them at once. The spread keeps the other nodes from receiving all clients at the same moment; the limit
    /// leaves time before an orchestrator kills the process, which is after 30 seconds by default.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:20")]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(10);
}
