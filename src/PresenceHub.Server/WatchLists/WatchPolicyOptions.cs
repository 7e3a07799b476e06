using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.WatchLists;

/// <summary>The subjects and watchers that an operator denies at run time. The lists are read again when the
/// configuration changes.</summary>
internal sealed class WatchPolicyOptions
{
    public const string SectionName = "WatchPolicy";

    /// <summary>
    /// Object ids of subjects that are hidden from all watchers. Read again when the configuration changes.
    /// </summary>
    public IReadOnlyList<string> HiddenSubjects { get; set; } = [];

    /// <summary>
    /// Object ids of watchers that may see no subject; where a token has no object id, its <c>sub</c>. Read again when
    /// the configuration changes.
    /// </summary>
    public IReadOnlyList<string> DeniedWatchers { get; set; } = [];

    /// <summary>
    /// How often all watch lists are checked against the policies, even when no policy reports a change: 1 second to 1
    /// hour. It bounds how long a change that was not reported has no effect. Read at start only.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReviewPeriod { get; set; } = TimeSpan.FromSeconds(60);
}
