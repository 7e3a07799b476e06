using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>The registered policies. A watcher sees the subjects that all of them allow.</summary>
internal sealed class WatchPolicies : IDisposable
{
    private readonly IWatchPolicy[] _policies;
    private long _version;

    public WatchPolicies(IEnumerable<IWatchPolicy> policies)
    {
        _policies = [.. policies];
        foreach (var policy in _policies)
        {
            policy.Changed += OnChanged;
        }
    }

    /// <summary>Raised after <see cref="Version"/> has changed.</summary>
    public event Action? Changed;

    /// <summary>Grows with each change. A subject that was allowed at an earlier version may be denied now.</summary>
    public long Version => Interlocked.Read(ref _version);

    public async ValueTask<IReadOnlySet<SubjectId>> FilterAsync(
        Watcher watcher,
        IReadOnlySet<SubjectId> subjects,
        CancellationToken cancellationToken
    )
    {
        foreach (var policy in _policies)
        {
            subjects = await policy.FilterAsync(watcher, subjects, cancellationToken);
        }

        return subjects;
    }

    public void Dispose()
    {
        foreach (var policy in _policies)
        {
            policy.Changed -= OnChanged;
        }
    }

    private void OnChanged()
    {
        Interlocked.Increment(ref _version);
        Changed?.Invoke();
    }
}
