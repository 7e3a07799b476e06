using PresenceHub.Client;
using PresenceHub.Fleet.Checking;
using PresenceHub.Fleet.Connections;
using PresenceHub.Fleet.Hub;

namespace PresenceHub.Fleet.Members;

/// <summary>
/// A member with a light connection: connects, watches, stays, reconnects and resumes as the contract asks of a
/// client.
/// </summary>
internal sealed class LightMember : IFleetMember
{
    private readonly FleetSurroundings _fleet;
    private readonly ReceiveLimits _limits;
    private readonly Lock _listGate = new();
    private readonly Backoff _backoff;
    private readonly MemberCalls _calls;
    private readonly MemberInbox _inbox;
    private readonly MemberConnector _connector;
    private volatile LightHubConnection? _connection;
    private long _connectedAt;
    private TimeSpan? _cutPause;
    private bool _isReplacing;

    public LightMember(
        MemberIdentity identity,
        MemberView view,
        HubProtocol protocol,
        FleetSurroundings fleet,
        ReceiveLimits limits,
        Random random
    )
    {
        (Identity, View, _fleet, _limits) = (identity, view, fleet, limits);
        _backoff = ReconnectBackoff.Create(random);
        _calls = new MemberCalls(view, fleet, random);
        _inbox = new MemberInbox(identity, view, fleet.Account);
        _connector = new MemberConnector(identity, _inbox, protocol, fleet, limits.ReceiveBufferBytes);
    }

    public MemberIdentity Identity { get; }

    public MemberView View { get; }

    public MemberState State { get; private set; }

    /// <summary>The connection while there is one.</summary>
    public LightHubConnection? Connection => _connection;

    private FleetRecords Records => _fleet.Account.Records;

    public async Task RunAsync(long intendedStart, CancellationToken stoppingToken)
    {
        var wanted = intendedStart;
        while (!stoppingToken.IsCancellationRequested)
        {
            TimeSpan pause;
            try
            {
                pause = await LiveOnceAsync(wanted, stoppingToken);
            }
            catch (Exception exception) when (Failures.IsExpected(exception))
            {
                if (stoppingToken.IsCancellationRequested)
                {
                    return;
                }

                pause = PauseAfter(exception);
            }

            // Failed attempts count as part of the time to connect; a pause after a cut that the scenario asks for does
            // not.
            if (State is MemberState.Live || _cutPause is not null)
            {
                wanted =
                    _fleet.Time.GetTimestamp()
                    + (long)((_cutPause ?? TimeSpan.Zero).TotalSeconds * _fleet.Time.TimestampFrequency);
            }

            (State, _connection, _cutPause) = (MemberState.Waiting, null, null);
            await Task.Delay(pause, _fleet.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Whether the present connection was established after a timestamp.</summary>
    public bool WasReconnectedAfter(long timestamp) => Volatile.Read(ref _connectedAt) > timestamp;

    /// <summary>Cuts the connection as a lost network does; the member comes back after the pause.</summary>
    public void Cut(TimeSpan pause)
    {
        if (_connection is { } connection)
        {
            _cutPause = pause;
            Records.Counters.Cut.Increment();
            connection.Abort();
        }
    }

    /// <summary>
    /// Gives up one watched subject and watches another; nothing happens while the member is not live or still replaces
    /// another subject. A replacement that has begun must not be canceled while the run goes on: the hub and the view
    /// would disagree on what is watched.
    /// </summary>
    public async Task ReplaceSubjectAsync(int removed, int added, CancellationToken cancellationToken)
    {
        if (
            State is not MemberState.Live
            || _connection is not { } connection
            || !TryReplace(connection, removed, added)
        )
        {
            return;
        }

        try
        {
            try
            {
                await _calls.UnwatchAsync(connection, removed, cancellationToken);
            }
            finally
            {
                View.RemovalAnswered(removed);
            }

            await _calls.WatchAsync(connection, [added], null, cancellationToken);
        }
        catch (Exception exception) when (Failures.IsExpected(exception) && !cancellationToken.IsCancellationRequested)
        {
            // The connection is lost: its end is counted where it is waited for, and the next one watches the new list.
        }
        finally
        {
            lock (_listGate)
            {
                _isReplacing = false;
            }
        }
    }

    // The list changes before the call to the hub. If the connection is lost meanwhile, the next one finds a subject
    // without an entry and sends no cursor: a cursor does not cover a subject that was unwatched.
    private bool TryReplace(LightHubConnection connection, int removed, int added)
    {
        lock (_listGate)
        {
            // Another connection may be about to watch the list as it is.
            if (_isReplacing || _connection != connection || !View.TryReplace(removed, added))
            {
                return false;
            }

            _isReplacing = true;
            return true;
        }
    }

    /// <summary>One connection from its beginning to its end; returns the pause before the next.</summary>
    private async Task<TimeSpan> LiveOnceAsync(long wanted, CancellationToken stoppingToken)
    {
        State = MemberState.Connecting;
        var pace = _limits.NewPace(_fleet.Time);
        using var connection = await _fleet.Throttle.RunAsync(
            token => _connector.ConnectAsync(pace, token),
            stoppingToken
        );
        using var stop = stoppingToken.UnsafeRegister(static state => ((LightHubConnection)state!).Abort(), connection);
        Records.Counters.Connects.Increment();
        Volatile.Write(ref _connectedAt, _fleet.Time.GetTimestamp());
        lock (_listGate)
        {
            _connection = connection;
        }

        State = MemberState.Watching;
        var cursor = await _calls.WatchAllAsync(connection, _inbox.BeginWatching(), stoppingToken);
        _inbox.EndWatching(cursor);
        State = MemberState.Live;
        _backoff.Reset();
        Records.Latencies.Ready.Record(wanted, _fleet.Time.GetTimestamp());
        _limits.Apply(pace);
        return await StayAsync(connection, stoppingToken);
    }

    private async Task<TimeSpan> StayAsync(LightHubConnection connection, CancellationToken stoppingToken)
    {
        var ended = await Task.WhenAny(connection.Completion, _inbox.Leave).WaitAsync(stoppingToken);
        if (ended == _inbox.Leave)
        {
            await Task.Delay(await _inbox.Leave, _fleet.Time, stoppingToken);
            await connection.CloseAsync(stoppingToken);
            return TimeSpan.Zero;
        }

        if (_cutPause is { } pause)
        {
            return pause;
        }

        if (Identity.Kind is MemberKind.Slow or MemberKind.Stuck)
        {
            Records.Counters.LostUnhealthy.Increment();
            return _backoff.Next();
        }

        throw connection.EndError;
    }

    private TimeSpan PauseAfter(Exception exception)
    {
        if (_cutPause is { } pause)
        {
            return pause;
        }

        // A message that was too large for the hub is sent in parts on the next connection.
        if (exception is HubClosedException && _fleet.CallLimit.TryLower(exception.Message, View.Subjects.Count))
        {
            return _backoff.Next();
        }

        var hub = _fleet.Hubs[Identity.Number % _fleet.Hubs.Count].Address;
        if (Failures.IsBusy(exception))
        {
            Records.Counters.Refused.Increment();
            return _backoff.Next((exception as UpgradeRefusedException)?.RetryAfter);
        }

        if (State is MemberState.Live)
        {
            Records.Counters.Lost.Increment();
        }

        Records.Counters.Error(Failures.KindOf(exception));
        if (!Failures.IsUnauthorized(exception) && Failures.Sentence(exception, hub) is { } sentence)
        {
            _fleet.Stop.Fail(sentence);
        }

        return _backoff.Next();
    }
}
