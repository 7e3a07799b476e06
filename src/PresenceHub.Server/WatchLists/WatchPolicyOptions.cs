using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.WatchLists;

/// <summary>The subjects and watchers that an operator denies at run time. The lists are read again when the
/// configuration changes.</summary>
internal sealed class WatchPolicyOptions
{
    public const string SectionName = "WatchPolicy";

    /// <summary>Object ids of subjects that are hidden from all watchers.</summary>
    public IReadOnlyList<string> HiddenSubjects { get; set; } = [];

    /// <summary>Object ids of watchers that may see no subject; the <c>sub</c> of tokens without an object
    /// id.</summary>
    public IReadOnlyList<string> DeniedWatchers { get; set; } = [];

    /// <summary>How often all watch lists are reviewed, even if no policy reports a change. Read only at
    /// start.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReviewPeriod { get; set; } = TimeSpan.FromSeconds(60);
}
