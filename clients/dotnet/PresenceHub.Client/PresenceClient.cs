using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>
/// Watches subjects at a presence hub. It connects and reconnects without end, keeps the greater (epoch, revision) of
/// every watched subject, and marks entries <c>stale</c> that the hub no longer confirms. All members are safe for
/// concurrent use.
/// </summary>
public sealed class PresenceClient : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly WatchBook _book;
    private readonly PresenceEvents _events;
    private readonly Advice _advice;
    private readonly ConnectionLoop _loop;
    private readonly ClientMetrics _metrics;
    private readonly Task _raising;
    private CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private bool _isDisposed;

    /// <summary>Creates a client that watches nothing and is not connected.</summary>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public PresenceClient(PresenceClientOptions options)
        : this(options, LinksOf(options), Random.Shared) { }

    internal PresenceClient(PresenceClientOptions options, Func<IPresenceClient, bool, IHubLink> newLink, Random random)
    {
        options.Validate();
        var logger = options.LoggerFactory.CreateLogger<PresenceClient>();
        _book = new WatchBook(options.StaleAfterDisconnect, options.MaxIdsPerCall, options.TimeProvider);
        _events = new PresenceEvents(_book.View, logger);
        _advice = new Advice(options.Url, logger);
        _loop = new ConnectionLoop(options, newLink, _book, _events, _advice, random, logger);
        _metrics = new ClientMetrics(options.MeterFactory, _loop, _book);
        _raising = Task.Run(() => _events.RunAsync(this));
    }

    /// <summary>
    /// Entries of watched subjects changed; carries the latest of each. Events are raised one after the other on a
    /// thread-pool thread: a handler that blocks delays the events, not the connection, and must not wait for
    /// <see cref="DisposeAsync"/>.
    /// </summary>
    public event EventHandler<EntriesChangedEventArgs>? EntriesChanged
    {
        add => _events.EntriesChanged += value;
        remove => _events.EntriesChanged -= value;
    }

    /// <summary>The connection was opened, lost or stopped.</summary>
    public event EventHandler<ConnectionStateChangedEventArgs>? ConnectionStateChanged
    {
        add => _events.ConnectionStateChanged += value;
        remove => _events.ConnectionStateChanged -= value;
    }

    /// <summary>The hub has withdrawn subjects: forget them. The client has forgotten them and watches them no
    /// longer.</summary>
    public event EventHandler<RevokedEventArgs>? Revoked
    {
        add => _events.Revoked += value;
        remove => _events.Revoked -= value;
    }

    /// <summary>The connected node is going away; the client reconnects once, after the time that the node asked
    /// for.</summary>
    public event EventHandler<DrainingEventArgs>? Draining
    {
        add => _events.Draining += value;
        remove => _events.Draining -= value;
    }

    /// <summary>The state of the connection to the hub, and why there is none.</summary>
    public ConnectionStatus Status => _loop.Status;

    /// <summary>For tests: whether every event was raised, and whether the hub was told everything.</summary>
    internal (bool HasRaised, bool HasTold) Idle => (_events.IsIdle, _book.Work.IsIdle);

    /// <summary>What is known now of the watched subjects, by id in any case. A copy: later changes do not show in
    /// it.</summary>
    public IReadOnlyDictionary<string, PresenceEntry> Entries => _book.View.Snapshot();

    /// <summary>Gets what is known now of a watched subject.</summary>
    public bool TryGetEntry(string id, [NotNullWhen(true)] out PresenceEntry? entry)
    {
        entry = _book.View.Find(id);
        return entry is not null;
    }

    /// <summary>Starts connecting and completes with the first connection. Failed attempts are repeated without end,
    /// and so are lost connections afterwards.</summary>
    /// <param name="cancellationToken">Before the first connection: gives up and stops the client.</param>
    /// <exception cref="InvalidOperationException">The client is already running.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or stopped before the first connection.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        var (connected, running, stopping) = Begin(cancellationToken);
        try
        {
            await connected.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await stopping.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Watches subjects until the returned watch is disposed, and completes when the hub has answered for all of them.
    /// Without a connection it waits for one. A subject that several watches share is watched once at the hub, until
    /// the last of them has ended.
    /// </summary>
    /// <param name="ids">Entra object ids in any case; more than <see cref="PresenceClientOptions.MaxIdsPerCall"/> take
    /// several calls. The hub limits how many one connection may watch. Ids that it rejects are in
    /// <see cref="PresenceWatch.Rejected"/>.</param>
    /// <param name="cancellationToken">Ends the wait and the watch.</param>
    /// <exception cref="PresenceHubException">The hub refused the call as a whole, for another reason than
    /// <see cref="ErrorCode.Unavailable"/>, which is retried. Nothing is watched.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or the client was stopped. Nothing is
    /// watched.</exception>
    public async Task<PresenceWatch> WatchAsync(IEnumerable<string> ids, CancellationToken cancellationToken = default)
    {
        var watch = Watch(ids);
        try
        {
            await watch.Admission.WaitAsync(cancellationToken).ConfigureAwait(false);
            return watch;
        }
        catch
        {
            watch.Abandon();
            throw;
        }
    }

    /// <summary>
    /// Watches subjects until the returned watch is disposed, without waiting for the hub: for callers that start
    /// before there is a connection. Otherwise like <see cref="WatchAsync"/>.
    /// </summary>
    /// <param name="ids">Entra object ids in any case.</param>
    public PresenceWatch Watch(IEnumerable<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var wanted = ids.ToArray();
        var call = Enter(() => _book.Watch(wanted));
        _advice.OnRejected(call.Invalid);
        return new PresenceWatch(_book, call);
    }

    /// <summary>Ends one watch of each subject, for watches that are not kept. The last one stops watching it and
    /// forgets its entry, at once. Completes when the hub knows it or the connection is lost.</summary>
    /// <param name="ids">Ids in any case; unknown ones are ignored.</param>
    /// <param name="cancellationToken">Ends the wait only.</param>
    /// <exception cref="PresenceHubException">The hub refused the call; the subjects are forgotten
    /// nevertheless.</exception>
    public Task UnwatchAsync(IEnumerable<string> ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var unwanted = ids.ToArray();
        return Enter(() => _book.Unwatch(unwanted)).WaitAsync(cancellationToken);
    }

    /// <summary>Reads subjects once, without watching them. Without a connection it waits for one.</summary>
    /// <param name="ids">Entra object ids in any case; more than <see cref="PresenceClientOptions.MaxIdsPerCall"/> take
    /// several calls. Ids that a watch would reject are left out of the answer.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="PresenceHubException">The hub refused the call, or (<see cref="ErrorCode.Unavailable"/>) the
    /// connection was lost meanwhile.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or the client was stopped.</exception>
    public async Task<IReadOnlyList<PresenceEntry>> GetAsync(
        IEnumerable<string> ids,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(ids);
        var wanted = ids.Select(id => SubjectIds.TryNormalize(id, out var normalized) ? normalized : null)
            .OfType<string>()
            .Distinct()
            .ToArray();
        var link = await Enter(() => _loop.Link.WaitAsync(cancellationToken)).ConfigureAwait(false);
        try
        {
            var entries = new List<PresenceEntry>(wanted.Length);
            await _book
                .Limit.CarryAsync(wanted, async part =>
                    entries.AddRange(
                        (await link.GetAsync(part, cancellationToken).ConfigureAwait(false)).Select(
                            PresenceView.WithKnownFreshness
                        )
                    )
                )
                .ConfigureAwait(false);

            return entries;
        }
        catch (Exception exception)
            when (exception is not PresenceHubException && !cancellationToken.IsCancellationRequested)
        {
            throw new PresenceHubException(
                ErrorCode.Unavailable,
                "The connection was lost before the hub answered.",
                exception
            );
        }
    }

    /// <summary>
    /// Reads the current entries, then each change, until the client is disposed. Each reader sees every subject's
    /// latest entry; a slow one skips intermediate entries, never the last, and holds no more than the watch list.
    /// </summary>
    public async IAsyncEnumerable<PresenceEntry> ReadChangesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        using var reader = Enter(() => _book.View.OpenReader(new Signal()));
        while (await reader.WaitAsync(cancellationToken).ConfigureAwait(false))
        {
            while (reader.TryTake(out var entry))
            {
                yield return entry;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Disconnects. Waiting calls are cancelled; the watch list stays, for a later
    /// <see cref="StartAsync"/>.</summary>
    /// <param name="cancellationToken">Ends the wait only.</param>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        var (running, stopping) = Enter(() => (_running, _stopping), evenIfDisposed: true);
        await stopping.CancelAsync().ConfigureAwait(false);
        _book.EndCalls();
        _loop.Link.Cancel();
        await running.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Disconnects for good: waiting calls fail, readers end, and no event is raised afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        _book.EndCalls(new ObjectDisposedException(nameof(PresenceClient)));
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        _metrics.Dispose();
        _book.Dispose();
        _events.Close();
        await _raising.ConfigureAwait(false);
    }

    /// <summary>Starts connecting.</summary>
    /// <returns>What completes with the first connection, and what with the end; and what ends it.</returns>
    internal (Task Connected, Task Running, CancellationTokenSource Stopping) Begin(
        CancellationToken cancellationToken = default
    )
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_running.IsCompleted)
            {
                throw new InvalidOperationException("The client is already running.");
            }

            var stopping = _stopping = new CancellationTokenSource();
            var connected = _loop.Link.WaitAsync(cancellationToken);
            _running = Task.Run(() => _loop.RunAsync(stopping.Token), CancellationToken.None);
            return (connected, _running, stopping);
        }
    }

    private static Func<IPresenceClient, bool, IHubLink> LinksOf(PresenceClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var memory = new TransportMemory(options.TimeProvider);
        return (receiver, refreshToken) => new FallbackLink(options, receiver, memory, refreshToken);
    }

    // Under the lock, so that no call begins to wait after disposal has failed those that waited.
    private T Enter<T>(Func<T> begin, bool evenIfDisposed = false)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed && !evenIfDisposed, this);
            return begin();
        }
    }
}
