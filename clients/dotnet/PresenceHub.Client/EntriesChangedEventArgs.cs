using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>Changed subjects, each with its latest entry; intermediate ones may have been skipped.</summary>
/// <param name="entries">One entry per changed subject.</param>
public sealed class EntriesChangedEventArgs(IReadOnlyList<PresenceEntry> entries) : EventArgs
{
    /// <summary>One entry per changed subject.</summary>
    public IReadOnlyList<PresenceEntry> Entries { get; } = entries;
}
