using PresenceHub.GraphEmulator.People;

namespace PresenceHub.GraphEmulator.Subscriptions;

/// <summary>All live subscriptions, by id, by owner and by subject.</summary>
internal sealed class SubscriptionBook(Company company, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Subscription> _subscriptions = [];

    // Read without the lock on every change: a slot is only ever replaced by a new array.
    private readonly Subscription[]?[] _watching = new Subscription[]?[company.Count];

    private readonly Dictionary<Guid, int> _mostPerAccount = [];

    public ReadOnlySpan<Subscription> Watching(int person) => Volatile.Read(ref _watching[person]);

    public Subscription? Find(Guid id)
    {
        lock (_gate)
        {
            return _subscriptions.TryGetValue(id, out var found) && IsLive(found) ? found : null;
        }
    }

    public Subscription? Find(Guid id, SubscriptionOwner owner) =>
        Find(id) is { } found && found.Owner == owner ? found : null;

    public IReadOnlyList<Subscription> List()
    {
        lock (_gate)
        {
            return [.. _subscriptions.Values.Where(IsLive)];
        }
    }

    public IReadOnlyList<Subscription> List(SubscriptionOwner owner) =>
        [.. List().Where(subscription => subscription.Owner == owner)];

    /// <summary>The maximum number of subscriptions that each account has held at once.</summary>
    public IReadOnlyDictionary<Guid, int> MostPerAccount()
    {
        lock (_gate)
        {
            return new Dictionary<Guid, int>(_mostPerAccount);
        }
    }

    /// <summary>
    /// Adds a subscription unless the owner has the allowed number already: two creations can pass the first check at
    /// the same time.
    /// </summary>
    public bool TryAdd(Subscription subscription, int mostPerAccount)
    {
        lock (_gate)
        {
            var held = _subscriptions.Values.Count(other => other.Owner == subscription.Owner && IsLive(other));
            if (held >= mostPerAccount)
            {
                return false;
            }

            _subscriptions.Add(subscription.Id, subscription);
            Index(subscription, add: true);
            var account = subscription.Owner.AccountId;
            _mostPerAccount[account] = Math.Max(_mostPerAccount.GetValueOrDefault(account), held + 1);
            return true;
        }
    }

    public bool TryRemove(Guid id)
    {
        lock (_gate)
        {
            if (!_subscriptions.Remove(id, out var subscription))
            {
                return false;
            }

            Index(subscription, add: false);
            subscription.MarkGone();
            return true;
        }
    }

    /// <summary>Removes expired subscriptions. No event reports it: Graph sends none for presence.</summary>
    public IReadOnlyList<Subscription> RemoveExpired()
    {
        lock (_gate)
        {
            Subscription[] expired = [.. _subscriptions.Values.Where(subscription => !IsLive(subscription))];
            foreach (var subscription in expired)
            {
                _subscriptions.Remove(subscription.Id);
                Index(subscription, add: false);
            }

            return expired;
        }
    }

    public bool IsLive(Subscription subscription) => subscription.Terms.ExpiresAt > time.GetUtcNow();

    private void Index(Subscription subscription, bool add)
    {
        foreach (var subject in subscription.Resource.Subjects)
        {
            if (!company.TryFind(subject, out var person))
            {
                continue;
            }

            var others = _watching[person] ?? [];
            Subscription[] now = add ? [.. others, subscription] : [.. others.Where(other => other != subscription)];
            Volatile.Write(ref _watching[person], now.Length > 0 ? now : null);
        }
    }
}
