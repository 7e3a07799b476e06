using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.Ingest;

internal sealed class PollingOptions
{
    public const string SectionName = "Polling";

    /// <summary>Read every watched person again and again. Without it a change that no notification tells of stays
    /// unnoticed.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Within this time every watched person is read once.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(60);
}
