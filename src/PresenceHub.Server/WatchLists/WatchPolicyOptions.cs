using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.WatchLists;

/// <summary>What an operator withdraws at run time: the lists are read again whenever the configuration
/// changes.</summary>
internal sealed class WatchPolicyOptions
{
    public const string SectionName = "WatchPolicy";

    /// <summary>Object ids of people who are hidden from all watchers.</summary>
    public IReadOnlyList<string> HiddenSubjects { get; set; } = [];

    /// <summary>Object ids (where a token has none: its <c>sub</c>) of watchers who may see no one.</summary>
    public IReadOnlyList<string> DeniedWatchers { get; set; } = [];

    /// <summary>What is watched is reviewed this often even when no policy says that it has changed. Read at start
    /// only.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReviewPeriod { get; set; } = TimeSpan.FromSeconds(60);
}
