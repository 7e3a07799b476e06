using PresenceHub.Contracts;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Tests.WatchLists;

/// <summary>Allows all subjects but those that a test has denied.</summary>
internal sealed class SwitchedPolicy : IWatchPolicy
{
    public event Action? Changed;

    public HashSet<SubjectId> Denied { get; } = [];

    /// <summary>Runs once, after an answer is made and before it is given.</summary>
    public Action? AfterAnswer { get; set; }

    public void Announce() => Changed?.Invoke();

    public ValueTask<IReadOnlySet<SubjectId>> FilterAsync(
        Watcher watcher,
        IReadOnlyCollection<SubjectId> subjects,
        CancellationToken cancellationToken
    )
    {
        var visible = subjects.Where(subject => !Denied.Contains(subject)).ToHashSet();
        var afterAnswer = AfterAnswer;
        AfterAnswer = null;
        afterAnswer?.Invoke();
        return ValueTask.FromResult<IReadOnlySet<SubjectId>>(visible);
    }
}
