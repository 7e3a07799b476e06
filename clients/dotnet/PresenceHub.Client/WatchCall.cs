namespace PresenceHub.Client;

/// <summary>One <see cref="PresenceClient.WatchAsync"/> or <see cref="PresenceClient.Watch"/>.</summary>
/// <param name="items">The ids of the call, each once, with its subject; an invalid id has none.</param>
internal sealed class WatchCall(IReadOnlyList<(string IdAsGiven, Subject? Subject)> items)
{
    private readonly TaskCompletionSource<WatchAdmission> _answer = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private int _isReleased;

    public IReadOnlyList<(string IdAsGiven, Subject? Subject)> Items => items;

    /// <summary>The subjects that the call holds until it is released.</summary>
    public IEnumerable<Subject> Subjects => items.Select(item => item.Subject).OfType<Subject>();

    public Task<WatchAdmission> Answer => _answer.Task;

    /// <param name="ids">The ids as the application gave them.</param>
    /// <param name="hold">Holds the subject of a valid id.</param>
    public static WatchCall Of(IEnumerable<string> ids, Func<string, Subject> hold)
    {
        var items = new List<(string IdAsGiven, Subject? Subject)>();
        var seen = new HashSet<string>();
        foreach (var idAsGiven in ids)
        {
            if (!SubjectIds.TryNormalize(idAsGiven, out var id))
            {
                items.Add((idAsGiven, null));
            }
            else if (seen.Add(id))
            {
                items.Add((idAsGiven, hold(id)));
            }
        }

        return new WatchCall(items);
    }

    /// <returns>False when the call was released before.</returns>
    public bool TryRelease() => Interlocked.Exchange(ref _isReleased, 1) == 0;

    public void Complete(WatchAdmission admission) => _answer.TrySetResult(admission);

    public void Fail(Exception reason) => _answer.TrySetException(reason);

    public void Cancel() => _answer.TrySetCanceled();
}
