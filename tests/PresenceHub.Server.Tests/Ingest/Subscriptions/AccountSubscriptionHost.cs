using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Accounts;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Subscriptions;
using PresenceHub.Server.Tests.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Subscriptions;

/// <summary>The subscription of one account over a real Redis, with a fake Graph and a fake clock.</summary>
internal sealed class AccountSubscriptionHost : IDisposable
{
    public static readonly TimeSpan MinRecreateInterval = TimeSpan.FromSeconds(5);

    private readonly IngestKeys _keys = RedisFixture.CreateKeys();
    private readonly RedisFixture _redis;
    private readonly AccountSubscriptionFactory _accounts;

    public AccountSubscriptionHost(RedisFixture redis)
    {
        _redis = redis;
        var options = Options.Create(GraphSettings.Create());
        var clients = new GraphClients(Graph.Graph, options);
        var signIn = new AccountSignIn(
            Graph.Graph,
            clients,
            new AccountTokenCache(redis.Redis, _keys, new EphemeralDataProtectionProvider()),
            options
        );
        var tokens = new DelegatedTokens(
            Graph.Graph,
            clients,
            new EmulatorSignIn(Graph.Graph, options),
            signIn,
            options,
            Time
        );
        Certificates = new EncryptionCertificates(redis.Redis, _keys, new EphemeralDataProtectionProvider(), Time);
        Keys = new WebhookKeys(Time);
        Webhook = new WebhookKeyStore(
            redis.Redis,
            _keys,
            new EphemeralDataProtectionProvider(),
            Keys,
            new AccountRegistry(redis.Redis, _keys, Time),
            Time,
            NullLogger<WebhookKeyStore>.Instance
        );
        Registry = NewRegistry();
        Refused = new RefusedSubjects(Options.Create(Settings), Time);
        var notifications = Options.Create(new NotificationOptions { MinRecreateInterval = MinRecreateInterval });
        _accounts = new AccountSubscriptionFactory(
            new GraphSubscriptionsFactory(clients, tokens, Certificates, Webhook, options, notifications),
            Registry,
            Refused,
            Options.Create(Settings),
            notifications,
            new SubscriptionTelemetry(TestMetrics.Create(), NullLogger<SubscriptionTelemetry>.Instance),
            Time
        );
        BeginTerm();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));

    public FakeSubscriptions Graph { get; } = new();

    public SubscriptionOptions Settings { get; } = new();

    public EncryptionCertificates Certificates { get; }

    public WebhookKeyStore Webhook { get; }

    public WebhookKeys Keys { get; }

    public SubscriptionRegistry Registry { get; }

    public RefusedSubjects Refused { get; }

    public AccountSubscription Account { get; private set; }

    public static SubjectId[] Subjects(int count) =>
        [.. Enumerable.Range(1, count).Select(i => new SubjectId(new Guid(i, 0, 0, new byte[8])))];

    /// <summary>Continues as the next leader, which knows of no subscription.</summary>
    [MemberNotNull(nameof(Account))]
    public void BeginTerm() => Account = _accounts.Create(GraphSettings.Create().Accounts[0]);

    /// <summary>The registry of a node that knows only what is in Redis.</summary>
    public SubscriptionRegistry NewRegistry() => new(_redis.Redis, _keys, Time);

    /// <summary>The ids of the records in Redis.</summary>
    public string[] Records()
    {
        var pattern = $"{_keys.Subscription(Guid.Empty)}".Replace($"{Guid.Empty:N}", "*", StringComparison.Ordinal);
        return [.. _redis.Redis.GetServers()[0].Keys(pattern: pattern).Select(key => $"{key}"[^32..])];
    }

    /// <summary>Begins a term of a hub that has only this account.</summary>
    public (PlannedAccounts Accounts, SubscriptionKeeper Keeper) BeginTerm(WatchedSubjects watched)
    {
        var drift = new Drift(TestMetrics.Create(), Options.Create(Settings), Time);
        var planner = new SubscriptionPlanner(watched, Refused, drift, TestMetrics.Create(), Time);
        var accounts = new PlannedAccounts(_accounts, watched);
        accounts.Set([GraphSettings.Create().Accounts[0]]);
        Account = accounts.All[0].Subscription;
        var logger = NullLogger<SubscriptionKeeper>.Instance;
        return (accounts, new SubscriptionKeeper(accounts, planner, watched, drift, Time, logger));
    }

    public Task LoseRegistrationAsync() => _redis.Redis.GetDatabase().KeyDeleteAsync(_keys.Subscription(Graph.OnlyId));

    public Task<bool> MaintainAsync(IReadOnlyList<SubjectId> planned) =>
        Account.MaintainOnceAsync(planned, CancellationToken.None);

    public Task<bool> ReceiveAsync(LifecycleEvent lifecycleEvent)
    {
        Account.Add(new LifecycleNotice(Graph.OnlyId, lifecycleEvent));
        return MaintainAsync([.. Account.Covered]);
    }

    public void Dispose()
    {
        Certificates.Dispose();
        Webhook.Dispose();
    }
}
