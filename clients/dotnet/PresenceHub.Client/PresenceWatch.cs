namespace PresenceHub.Client;

/// <summary>
/// One watch of some subjects. Disposing it ends this watch only: a subject is watched until the last of its watches
/// has ended.
/// </summary>
public sealed class PresenceWatch : IAsyncDisposable
{
    private readonly WatchBook _book;
    private readonly WatchCall _call;

    internal PresenceWatch(WatchBook book, WatchCall call) => (_book, _call) = (book, call);

    /// <summary>Completes when the hub has answered for every subject, like
    /// <see cref="PresenceClient.WatchAsync"/>.</summary>
    public Task<WatchAdmission> Admission => _call.Answer;

    /// <summary>Ends this watch. Completes when the hub has answered or the connection is lost. A second call does
    /// nothing.</summary>
    public async ValueTask DisposeAsync() => await _book.Release(_call).ConfigureAwait(false);
}
