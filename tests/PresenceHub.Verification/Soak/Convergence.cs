using PresenceHub.Contracts;
using PresenceHub.Verification.Invariants;

namespace PresenceHub.Verification.Soak;

/// <summary>
/// Waits until every client shows exactly what the store holds, and the store what Graph says. A client's lag counts
/// from when the store held the final state of the subject, or the faults were over, to when the client showed it for
/// good.
/// </summary>
internal sealed class Convergence(SoakHub hub)
{
    private static readonly TimeSpan CheckPeriod = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>A confirmation that is about to be too old may be so at a node already.</summary>
    private static readonly TimeSpan ConfirmedWithin = SoakSettings.StaleAfter - TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, TimeSpan> _settledAt = [];
    private readonly Dictionary<(SoakClient Client, string Id), TimeSpan> _rightAt = [];
    private IReadOnlyDictionary<string, StoreView.Entry> _held = new Dictionary<string, StoreView.Entry>();

    /// <summary>When the store held what Graph says of everybody.</summary>
    public TimeSpan StoreSettledAt { get; private set; }

    /// <summary>Reports every client's lag, and then that all is settled.</summary>
    public async Task<IReadOnlyList<TimeSpan>> AwaitAsync(CancellationToken cancellationToken)
    {
        var begun = hub.Log.Now;
        while (!await CheckAsync() && hub.Log.Now - begun < Patience)
        {
            await Task.Delay(CheckPeriod, TimeProvider.System, cancellationToken);
        }

        StoreSettledAt = _settledAt.Count is 0 ? hub.Log.Now : _settledAt.Values.Max();
        var lags = new List<TimeSpan>();
        foreach (var client in hub.Clients)
        {
            var lag = client.Watched.Select(id => LagOf(client, id, begun)).DefaultIfEmpty(TimeSpan.Zero).Max();
            lags.Add(lag);
            hub.Log.Add(at => new HubEvent.Compared(
                at,
                client.Name,
                lag,
                client.Watched.Select(id => DifferenceOf(client, id)).FirstOrDefault(text => text is not null)
            ));
        }

        hub.Log.Add(at => new HubEvent.Settled(at));
        return lags;
    }

    private async Task<bool> CheckAsync()
    {
        if (await hub.View.TryReadAsync(hub.People) is not { } held)
        {
            return false;
        }

        foreach (var (id, entry) in held)
        {
            hub.Log.Add(at => new HubEvent.Held(at, id, entry.Availability, entry.Activity));
        }

        foreach (var id in hub.People.Where(id => !IsSame(held.GetValueOrDefault(id), _held.GetValueOrDefault(id))))
        {
            _settledAt.Remove(id);
        }

        _held = held;
        foreach (var id in hub.People)
        {
            Keep(_settledAt, id, IsSettled(id));
        }

        foreach (var client in hub.Clients)
        {
            foreach (var id in client.Watched)
            {
                Keep(_rightAt, (client, id), IsSettled(id) && DifferenceOf(client, id) is null);
            }
        }

        return hub.Clients.All(client => client.Watched.All(id => _rightAt.ContainsKey((client, id))));
    }

    private TimeSpan LagOf(SoakClient client, string id, TimeSpan begun)
    {
        var from = _settledAt.TryGetValue(id, out var settledAt) && settledAt > begun ? settledAt : begun;
        var lag = _rightAt.GetValueOrDefault((client, id), hub.Log.Now) - from;
        return lag > TimeSpan.Zero ? lag : TimeSpan.Zero;
    }

    private bool IsSettled(string id) =>
        _held.TryGetValue(id, out var held)
        && hub.Script.Of(id) == (held.Availability, held.Activity)
        && held.UnconfirmedFor < ConfirmedWithin;

    private string? DifferenceOf(SoakClient client, string id)
    {
        var (shown, held) = (client.Shows(id), _held.GetValueOrDefault(id));
        if (!IsSettled(id))
        {
            return $"Graph says {hub.Script.Of(id)} of {id}, the store {held}, and it shows {shown}";
        }

        return
            shown is { Freshness: Freshness.Live }
            && (shown.Availability, shown.Activity, shown.Epoch, shown.Revision)
                == (held!.Availability, held.Activity, held.Epoch, held.Revision)
            ? null
            : $"the store holds {held} of {id}, and it shows {shown} ({client.ConnectionState})";
    }

    private static bool IsSame(StoreView.Entry? one, StoreView.Entry? other) =>
        (one?.Epoch, one?.Revision) == (other?.Epoch, other?.Revision);

    private void Keep<TKey>(Dictionary<TKey, TimeSpan> since, TKey key, bool holds)
        where TKey : notnull
    {
        if (holds)
        {
            since.TryAdd(key, hub.Log.Now);
        }
        else
        {
            since.Remove(key);
        }
    }
}
