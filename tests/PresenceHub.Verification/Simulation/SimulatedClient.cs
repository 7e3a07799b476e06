using Microsoft.AspNetCore.SignalR.Protocol;
using PresenceHub.Client;
using PresenceHub.Contracts;
using PresenceHub.Server.Store;

namespace PresenceHub.Verification.Simulation;

/// <summary>
/// A client: the .NET client's own state, over a simulated connection. As there, the result of a call may be handled
/// before changes that came ahead of it.
/// </summary>
internal sealed class SimulatedClient(string name, IHubProtocol protocol, Scene scene, SimulatedRedis redis)
    : IDisposable
{
    /// <summary>After this long without a connection it calls everything stale.</summary>
    public static readonly TimeSpan StaleAfterDisconnect = TimeSpan.FromSeconds(10);

    private readonly WatchBook _book = new(StaleAfterDisconnect, 1_000, scene.Time);
    private readonly ViewChecker _checker = new(name, scene, redis);
    private readonly Queue<InvocationMessage> _callbacks = [];
    private readonly Dictionary<string, PresenceEntry> _latest = [];
    private readonly HashSet<string> _unwatchedDuringCall = [];
    private DateTimeOffset? _lostAt;
    private WatchBatch? _batch;
    private long _links;

    public string Name => name;

    public SimulatedConnection? Connection { get; private set; }

    public SimulatedNode? Node { get; private set; }

    public bool HasCallbacks => _callbacks.Count > 0;

    /// <summary>The call under way, in words.</summary>
    public string Calling => _batch?.Cursor is { } cursor ? $"from {cursor}" : "for everything";

    public bool IsCalling => _batch is not null;

    public IReadOnlyDictionary<string, PresenceEntry> View =>
        scene.Flaw is Flaw.NoMerge ? _latest : _book.View.Snapshot();

    public HashSet<string> Wished { get; } = [];

    // A subject is watched until each of its watches has ended.
    private readonly Dictionary<string, int> _watches = [];

    public void Watch(string id)
    {
        Wished.Add(id);
        _watches[id] = _watches.GetValueOrDefault(id) + 1;
        _ = _book.Watch([id]);
    }

    public void Unwatch(string id)
    {
        Wished.Remove(id);
        _latest.Remove(id);
        _unwatchedDuringCall.Add(id);
        _watches.Remove(id, out var watches);
        for (; watches > 0; watches--)
        {
            _ = _book.Unwatch([id]);
        }

        _checker.Forget(id);
    }

    public void Connect(SimulatedNode node)
    {
        _links++;
        (Node, Connection) = (node, new SimulatedConnection($"{name}-{_links}", protocol));
        node.Connect(Connection);
        _book.OpenLink(_links);
    }

    public void Disconnect()
    {
        _lostAt ??= scene.Time.GetUtcNow();
        Node!.Disconnect(Connection!);
        (Node, Connection, _batch) = (null, null, null);
        _callbacks.Clear();
        _book.CloseLink();
    }

    /// <summary>Makes the next call that the list asks for, if there is any.</summary>
    public void Call()
    {
        _unwatchedDuringCall.Clear();
        if (_book.TakeResume() is { } resume)
        {
            _batch = resume;
            CheckCursor(resume);
        }
        else
        {
            _book.CompleteResume();
            _lostAt = null;
            if (_book.TakeUnwatch() is { } unwatch)
            {
                Node!.Unwatch(Connection!, [.. unwatch.Ids]);
                unwatch.Complete();
                return;
            }

            _batch = _book.TakeFresh();
        }

        if (_batch is not null)
        {
            _ = CallAsync(Connection!, _batch);
        }
    }

    /// <returns>What was received, in words.</returns>
    public string Receive()
    {
        var received = Connection!.Take();
        if (received is WatchResult result)
        {
            _checker.Hear(result.Entries);
            Note(result.Entries);
            var batch = _batch!;
            _batch = null;
            _book.Answer(batch, result);
            CheckComplete(batch);
            CheckView();
            return $"an answer up to {result.Cursor}: {string.Join(", ", result.Entries)}";
        }

        var invocation = (InvocationMessage)received;
        _callbacks.Enqueue(invocation);
        return invocation.Target;
    }

    public void RunCallback()
    {
        var invocation = _callbacks.Dequeue();
        switch (invocation.Target)
        {
            case nameof(IPresenceClient.PresenceChanged):
                var entries = (IReadOnlyList<PresenceEntry>)invocation.Arguments[0]!;
                _checker.Hear(entries);
                Note(entries);
                _book.Push(_links, entries);
                break;

            case nameof(IPresenceClient.Bookmark):
                _book.Bookmark(_links, (string)invocation.Arguments[0]!);
                break;
        }

        CheckView();
    }

    /// <inheritdoc cref="ViewChecker.CheckNothingMissed"/>
    public void CheckNothingMissed()
    {
        if (Connection is { IsCut: false } && !IsCalling)
        {
            _checker.CheckNothingMissed(View, Node!);
        }
    }

    public void CheckView() => _checker.Check(View, isLost: scene.Time.GetUtcNow() - _lostAt >= StaleAfterDisconnect);

    public void Dispose() => _book.Dispose();

    private async Task CallAsync(SimulatedConnection connection, WatchBatch batch)
    {
        try
        {
            var node = Node!;
            var result = await node.WatchAsync(connection, batch.ToRequest());
            if (!connection.IsCut)
            {
                CheckAnswer(node, batch, result);
                connection.Enqueue(result);
            }
        }
        catch (Exception exception) when (exception is StoreUnavailableException or OperationCanceledException)
        {
            if (Connection == connection && _batch == batch)
            {
                // The call has to be repeated: a reconnect does that too.
                Disconnect();
            }
        }
        catch (Exception exception)
        {
            scene.Violations.Add($"{name} called and got {exception}");
        }
    }

    private void Note(IReadOnlyList<PresenceEntry> entries)
    {
        foreach (var entry in entries.Where(entry => Wished.Contains(entry.Id)))
        {
            _latest[entry.Id] = entry;
        }
    }

    /// <summary>What a cursor vouches for is held.</summary>
    private void CheckCursor(WatchBatch resume)
    {
        foreach (var subject in resume.Subjects)
        {
            if (
                Cursor.TryParse(resume.Cursor, out var cursor)
                && SubjectId.TryParse(subject.Id, out var id)
                && redis.IsOfLatestEpoch
                && redis.Read(id) is { } stored
                && !cursor.Precedes(stored)
                && IsOlder(View[subject.Id], stored)
            )
            {
                scene.Violations.Add(
                    $"{name} resumes from {cursor} with {View[subject.Id]}, and the store holds {stored}"
                );
            }
        }
    }

    /// <summary>
    /// No answer takes for current what is older than what the client's cursor vouches for, unless that is of an epoch
    /// that is lost. What a node holds while the store is away it calls stale.
    /// </summary>
    private void CheckAnswer(SimulatedNode node, WatchBatch batch, WatchResult result)
    {
        foreach (var subject in batch.Subjects)
        {
            if (
                Cursor.TryParse(batch.Cursor, out var cursor)
                && SubjectId.TryParse(subject.Id, out var id)
                && View.GetValueOrDefault(subject.Id) is { Freshness: Freshness.Live } shown
                && shown.Revision <= cursor.Time
                && shown.Epoch <= cursor.Epoch
                && node.Held(id) is { IsLive: true } held
                && held.Epoch == shown.Epoch
                && held.Revision < shown.Revision
            )
            {
                scene.Violations.Add(
                    $"{node.Name} answers {name} at {cursor}, which shows {shown}, out of {held}: {result.Entries.Count} entries"
                );
            }
        }
    }

    /// <summary>Once answered, everything asked for has an entry.</summary>
    private void CheckComplete(WatchBatch batch)
    {
        if (
            batch.Subjects.FirstOrDefault(subject =>
                Wished.Contains(subject.Id)
                && !_unwatchedDuringCall.Contains(subject.Id)
                && !View.ContainsKey(subject.Id)
            ) is
            { } subject
        )
        {
            scene.Violations.Add($"{name} was answered and has no entry of {subject.Id}");
        }
    }

    private static bool IsOlder(PresenceEntry shown, StoredEntry stored) =>
        (shown.Epoch, shown.Revision).CompareTo((stored.Epoch, stored.Revision)) < 0;
}
