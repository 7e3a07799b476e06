using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.Ingest;

/// <summary>How presence is polled.</summary>
internal sealed class PollingOptions
{
    public const string SectionName = "Polling";

    /// <summary>
    /// Whether every watched subject is read periodically. With <c>false</c>, a change without a notification is never
    /// noticed.
    /// </summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Time within which every watched subject is read once: 1 second to 1 hour. A shorter period costs more requests
    /// to Graph: one for each 650 subjects and period.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(60);
}
