using Microsoft.Extensions.Logging;
using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>Raises the client's events one after the other from one loop, outside every lock, so that listeners never
/// see a subject go back.</summary>
internal sealed class PresenceEvents(PresenceView view, ILogger logger)
{
    // While a handler blocks, only the latest transitions are kept.
    private const int MostTransitions = 64;

    private readonly Lock _gate = new();
    private readonly Signal _signal = new();
    private readonly Queue<ConnectionStateChangedEventArgs> _transitions = new();
    private readonly HashSet<string> _revoked = [];
    private TimeSpan? _draining;

    public event EventHandler<ConnectionStateChangedEventArgs>? ConnectionStateChanged;

    public event EventHandler<DrainingEventArgs>? Draining;

    public event EventHandler<RevokedEventArgs>? Revoked;

    public event EventHandler<EntriesChangedEventArgs>? EntriesChanged;

    /// <summary>Every event was raised.</summary>
    public bool IsIdle => _signal.IsIdle;

    public void AddTransition(ConnectionStatus status)
    {
        lock (_gate)
        {
            if (_transitions.Count == MostTransitions)
            {
                _transitions.Dequeue();
            }

            _transitions.Enqueue(new ConnectionStateChangedEventArgs(status));
        }

        _signal.Set();
    }

    public void AddRevoked(IReadOnlyList<string> ids)
    {
        lock (_gate)
        {
            _revoked.UnionWith(ids);
        }

        _signal.Set();
    }

    public void SetDraining(TimeSpan reconnectAfter)
    {
        lock (_gate)
        {
            _draining = reconnectAfter;
        }

        _signal.Set();
    }

    public void Close() => _signal.Close();

    public async Task RunAsync(object sender)
    {
        using var reader = view.OpenReader(_signal);
        while (await _signal.WaitAsync(CancellationToken.None).ConfigureAwait(false))
        {
            RaiseOnce(sender, reader);
        }
    }

    private void RaiseOnce(object sender, ChangeReader reader)
    {
        ConnectionStateChangedEventArgs[] transitions;
        string[] revoked;
        TimeSpan? draining;
        lock (_gate)
        {
            transitions = [.. _transitions];
            revoked = [.. _revoked];
            draining = _draining;
            _transitions.Clear();
            _revoked.Clear();
            _draining = null;
        }

        foreach (var transition in transitions)
        {
            Raise(() => ConnectionStateChanged?.Invoke(sender, transition));
        }

        if (draining is { } reconnectAfter)
        {
            Raise(() => Draining?.Invoke(sender, new DrainingEventArgs(reconnectAfter)));
        }

        if (revoked.Length > 0)
        {
            Raise(() => Revoked?.Invoke(sender, new RevokedEventArgs(revoked)));
        }

        var changed = new List<PresenceEntry>();
        while (reader.TryTake(out var entry))
        {
            changed.Add(entry);
        }

        if (changed.Count > 0)
        {
            Raise(() => EntriesChanged?.Invoke(sender, new EntriesChangedEventArgs(changed)));
        }
    }

    private void Raise(Action raise)
    {
        try
        {
            raise();
        }
        catch (Exception exception)
        {
            // A listener's failure must not end the loop that serves the others.
            logger.ListenerFailed(exception);
        }
    }
}
