namespace PresenceHub.GraphEmulator.Subscriptions;

/// <summary>A change-notification subscription for presence.</summary>
internal sealed class Subscription(
    Guid id,
    SubscriptionOwner owner,
    PresenceResource resource,
    string? clientState,
    string? lifecycleUrl,
    string tlsVersion,
    SubscriptionTerms terms
)
{
    private readonly Lock _gate = new();
    private volatile SubscriptionTerms _terms = terms;
    private volatile bool _gone;

    public Guid Id => id;

    public SubscriptionOwner Owner => owner;

    public PresenceResource Resource => resource;

    public string? ClientState => clientState;

    public string? LifecycleUrl => lifecycleUrl;

    public string TlsVersion => tlsVersion;

    public bool IncludesResourceData { get; init; }

    public SubscriptionTerms Terms => _terms;

    /// <summary>Deleted, as opposed to expired: notifications that are not yet posted are dropped.</summary>
    public bool IsGone => _gone;

    public void MarkGone() => _gone = true;

    public void Change(Func<SubscriptionTerms, SubscriptionTerms> change)
    {
        lock (_gate)
        {
            _terms = change(_terms);
        }
    }
}
