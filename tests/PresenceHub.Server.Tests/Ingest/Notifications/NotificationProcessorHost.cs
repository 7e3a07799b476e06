using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Notifications;
using PresenceHub.Server.Ingest.Subscriptions;
using PresenceHub.Server.Store;
using PresenceHub.Server.Tests.Ingest.Graph;
using PresenceHub.Server.WatchLists;
using StackExchange.Redis;

namespace PresenceHub.Server.Tests.Ingest.Notifications;

/// <summary>A notification processor over a real Redis, with one subscription that covers two subjects.</summary>
internal sealed class NotificationProcessorHost : IDisposable
{
    public static readonly SubjectId One = new(Guid.Parse("00000000-0000-0000-0000-00000000000a"));
    public static readonly SubjectId Two = new(Guid.Parse("00000000-0000-0000-0000-00000000000b"));

    /// <summary>A subject that the subscription does not cover.</summary>
    public static readonly SubjectId Stranger = new(Guid.Parse("00000000-0000-0000-0000-00000000000c"));

    public static readonly Guid Subscription = Guid.NewGuid();
    public static readonly EncryptionCertificate TestCertificate = EncryptionCertificate.Create(
        TimeProvider.System.GetUtcNow()
    );

    private const string Secret = "client-state";
    private static readonly SubjectId Last = new(Guid.Parse("00000000-0000-0000-0000-0000000000ff"));

    private readonly IngestKeys _keys = RedisFixture.CreateKeys();
    private readonly EphemeralDataProtectionProvider _protection = new();
    private readonly IConnectionMultiplexer _redis;
    private readonly EncryptionCertificates _certificates;
    private readonly SubscriptionRegistry _registry;
    private readonly NotifiedSubjects _notified;
    private readonly StoreKeys _storeKeys;
    private readonly SigningKeys _signingKeys;
    private readonly PayloadThreads _threads = new(2);
    private readonly AppliedPayloads _applied = new();
    private readonly SequencedPayloads _sequenced = new();

    public NotificationProcessorHost(RedisFixture fixture)
    {
        var names = new RedisNames { KeyPrefix = Guid.NewGuid().ToString("N") };
        var options = Options.Create(new StoreOptions { Partitions = 1 });
        _redis = fixture.Redis;
        _certificates = new EncryptionCertificates(_redis, _keys, _protection, Time);
        _registry = new SubscriptionRegistry(_redis, _keys, Time);
        Lifecycle = new LifecycleNotices(_redis, _keys);
        _notified = new NotifiedSubjects(_redis, _keys);
        Refreshes = new RefreshRequests(fixture.Redis, new InterestKeys(names));
        _storeKeys = new StoreKeys(names, options);
        Clock = new StoreClock(_storeKeys, TimeProvider.System);
        var scripts = LostKeysProxy.Wrap(fixture.Redis, _ => IsStoreLost);
        Store = new PresenceStore(scripts, _storeKeys, new StoreChannels(fixture.Redis, _storeKeys), Clock, options);
        _signingKeys = new SigningKeys(
            Forge.CreateAuthority(),
            Options.Create(GraphSettings.Create()),
            TimeProvider.System
        );
    }

    public FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    public TokenForge Forge { get; } = new(TimeProvider.System);

    public MeterReader Meters { get; } = new();

    public LifecycleNotices Lifecycle { get; }

    public RefreshRequests Refreshes { get; }

    public PresenceStore Store { get; }

    public StoreClock Clock { get; }

    /// <summary>Whether the partition of all subjects is lost.</summary>
    public bool IsStoreLost { get; set; }

    public async Task InitializeAsync()
    {
        // Another node has created the certificate.
        var stored = new StoredCertificate(
            TestCertificate.MadeAt,
            TestCertificate.PublicBase64,
            _protection.CreateProtector(EncryptionCertificates.Purpose).Protect(TestCertificate.ExportPrivateKey())
        );
        await _redis
            .GetDatabase()
            .StringSetAsync(_keys.Certificate(TestCertificate.Id), JsonSerializer.SerializeToUtf8Bytes(stored));
        await _registry.PutAsync(
            new SubscriptionRecord(
                Subscription,
                ClientState.Hash(Secret),
                TimeProvider.System.GetUtcNow().AddHours(1),
                TestCertificate.Id,
                "https://hub.example",
                [One.Value, Two.Value]
            ),
            CancellationToken.None
        );
    }

    public void Dispose()
    {
        _threads.Dispose();
        Meters.Dispose();
        _signingKeys.Dispose();
        _certificates.Dispose();
    }

    public static ChangeNotification Item(SubjectId subject) =>
        new(
            Subscription.ToString(),
            Secret,
            GraphSettings.TenantId,
            null,
            new ChangedResource(subject.ToString()),
            null
        );

    public static ChangeNotification Rich(
        SubjectId subject,
        string? sequenceNumber = "A0000000001",
        string availability = "Busy"
    ) => Sealed(subject, Presence(subject, sequenceNumber, availability));

    public static ChangeNotification Sealed(SubjectId subject, string json) =>
        Item(subject) with
        {
            EncryptedContent = PayloadDecryptorTests.Encrypt(json, TestCertificate),
        };

    public static string Presence(
        SubjectId subject,
        string? sequenceNumber = "A0000000001",
        string availability = "Busy"
    ) =>
        JsonSerializer.Serialize(
            new
            {
                id = subject.ToString(),
                availability,
                activity = availability,
                sequenceNumber,
            }
        );

    public Task<SubjectId[]> RefreshesOfAsync(
        ChangeNotification item,
        PayloadTrust trust = PayloadTrust.WhenSequenced
    ) => RefreshesOfAsync([item], trust);

    /// <summary>Processes a POST and returns the subjects that it requests a refresh of.</summary>
    public async Task<SubjectId[]> RefreshesOfAsync(
        ChangeNotification[] items,
        PayloadTrust trust = PayloadTrust.WhenSequenced,
        string[]? tokens = null,
        bool refreshOnly = false
    )
    {
        var (refreshes, done) = (new List<SubjectId>(), new TaskCompletionSource());
        var queue = await Refreshes.SubscribeAsync(
            (subjects, _) =>
            {
                refreshes.AddRange(subjects.Where(subject => subject != Last));
                if (subjects.Contains(Last))
                {
                    done.TrySetResult();
                }
            }
        );
        await CreateProcessor(trust)
            .ProcessAsync(
                new NotificationBatch(items, tokens ?? [Forge.Create()], 0, Clock.Now),
                refreshOnly,
                CancellationToken.None
            );

        // Messages arrive in order: when this one has arrived, so have all before it.
        await Refreshes.PublishAsync([Last]);
        await done.Task.WaitAsync(IngestHost.Patience);
        await queue.UnsubscribeAsync();
        return [.. refreshes.OrderBy(subject => subject.ToString(), StringComparer.Ordinal)];
    }

    public async Task<StoredEntry?> ReadAsync(SubjectId subject) =>
        (await Store.ReadAsync(0, [subject], CancellationToken.None)).Entries[0];

    public async Task<string?> SequenceNumberOfAsync(SubjectId subject) =>
        await _redis.GetDatabase().HashGetAsync(_storeKeys.Subject(0, subject), "q");

    public NotificationProcessor CreateProcessor(PayloadTrust trust)
    {
        var graph = Options.Create(GraphSettings.Create());
        var metrics = Meters.Create();
        var payloads = new NotificationPayloads(
            new ValidationTokens(_signingKeys, graph, Time),
            _certificates,
            _threads,
            _applied,
            _sequenced,
            Options.Create(new NotificationOptions { TrustPayload = trust }),
            metrics
        );
        return new NotificationProcessor(
            new NotificationAuthenticator(_registry, graph, metrics),
            payloads,
            Store,
            Refreshes,
            _notified,
            Lifecycle,
            metrics
        );
    }
}
