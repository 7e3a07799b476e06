using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>
/// One watch of some subjects, and what is known of them. Disposing it ends this watch only: a subject is watched until
/// the last of its watches has ended. A watch that is not disposed lasts as long as its client. All members are safe
/// for concurrent use.
/// </summary>
public sealed class PresenceWatch : IAsyncDisposable, IAsyncEnumerable<PresenceEntry>
{
    private readonly WatchBook _book;
    private readonly WatchCall _call;

    internal PresenceWatch(WatchBook book, WatchCall call) => (_book, _call) = (book, call);

    /// <summary>
    /// Completes when the hub has answered for every subject. Fails with a <see cref="PresenceHubException"/> when the
    /// hub refused the call as a whole: the watch has ended then. Is cancelled by
    /// <see cref="PresenceClient.StopAsync"/>: the subjects stay watched then.
    /// </summary>
    public Task<WatchAdmission> Admission => _call.Answer;

    /// <summary>The ids that the hub does not watch, as given, with the reason. Empty until
    /// <see cref="Admission"/>.</summary>
    public IReadOnlyList<RejectedSubject> Rejected =>
        Admission.IsCompletedSuccessfully ? Admission.GetAwaiter().GetResult().Rejected : [];

    /// <summary>
    /// What is known now of the subjects of this watch, by id in any case. Subjects that the hub rejects or withdraws
    /// are not in it; after the disposal it is empty. A copy: later changes do not show in it.
    /// </summary>
    public IReadOnlyDictionary<string, PresenceEntry> Entries =>
        _book.Run((list, view) => view.Snapshot(_call.IdsIn(list)));

    /// <summary>Gets what is known now of a subject of this watch.</summary>
    public bool TryGetEntry(string id, [NotNullWhen(true)] out PresenceEntry? entry)
    {
        entry = _book.Run((list, view) => list.Find(id) is { } subject && _call.Holds(subject) ? view.Find(id) : null);
        return entry is not null;
    }

    /// <summary>
    /// Reads the current entries of this watch, then each change, until the watch or the client is disposed. Each
    /// reader sees every subject's latest entry; a slow one skips intermediate entries, never the last, and holds no
    /// more than the subjects of the watch.
    /// </summary>
    /// <param name="cancellationToken">Ends the reading with an <see cref="OperationCanceledException"/>.</param>
    public async IAsyncEnumerable<PresenceEntry> ReadChangesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var reader = _book.Run(_call.OpenReader);
        try
        {
            while (await reader.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                while (reader.TryTake(out var entry))
                {
                    yield return entry;
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
        }
        finally
        {
            _book.Run((_, _) => _call.TryClose(reader));
        }
    }

    /// <summary>Reads as <see cref="ReadChangesAsync"/> does.</summary>
    public IAsyncEnumerator<PresenceEntry> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        ReadChangesAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);

    /// <summary>Ends this watch, its view and its readers. Completes when the hub has answered or the connection is
    /// lost. A second call does nothing.</summary>
    /// <exception cref="PresenceHubException">The hub refused the call; the watch has ended nevertheless.</exception>
    public async ValueTask DisposeAsync() => await _book.Release(_call).ConfigureAwait(false);

    /// <summary>Ends the watch without waiting for the hub.</summary>
    internal void Abandon() => _ = _book.Release(_call);
}
