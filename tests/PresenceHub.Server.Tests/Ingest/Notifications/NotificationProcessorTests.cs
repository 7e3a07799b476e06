using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
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

[Trait("Category", "Functional")]
public sealed class NotificationProcessorTests : IClassFixture<RedisFixture>, IAsyncLifetime
{
    private const string Secret = "client-state";
    private static readonly SubjectId One = new(Guid.Parse("00000000-0000-0000-0000-00000000000a"));
    private static readonly SubjectId Two = new(Guid.Parse("00000000-0000-0000-0000-00000000000b"));
    private static readonly SubjectId Stranger = new(Guid.Parse("00000000-0000-0000-0000-00000000000c"));
    private static readonly SubjectId Last = new(Guid.Parse("00000000-0000-0000-0000-0000000000ff"));
    private static readonly Guid Subscription = Guid.NewGuid();
    private static readonly EncryptionCertificate Certificate = EncryptionCertificate.Create(
        TimeProvider.System.GetUtcNow()
    );

    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly TokenForge _forge = new(TimeProvider.System);
    private readonly IngestKeys _keys = RedisFixture.CreateKeys();
    private readonly EphemeralDataProtectionProvider _protection = new();
    private readonly IConnectionMultiplexer _redis;
    private readonly EncryptionCertificates _certificates;
    private readonly SubscriptionRegistry _registry;
    private readonly LifecycleNotices _lifecycle;
    private readonly NotifiedSubjects _notified;
    private readonly WantedSubjects _wanted;
    private readonly PresenceStore _store;
    private readonly StoreKeys _storeKeys;
    private readonly StoreClock _clock;
    private readonly SigningKeys _signingKeys;
    private readonly PayloadThreads _threads = new(2);
    private readonly AppliedPayloads _applied = new();
    private readonly SequencedPayloads _sequenced = new();
    private readonly MeterReader _meters = new();
    private bool _isStoreLost;

    public NotificationProcessorTests(RedisFixture fixture)
    {
        var prefix = Guid.NewGuid().ToString("N");
        var options = Options.Create(new StoreOptions { KeyPrefix = prefix, Partitions = 1 });
        _redis = fixture.Redis;
        _certificates = new EncryptionCertificates(_redis, _keys, _protection, _time);
        _registry = new SubscriptionRegistry(_redis, _keys, _time);
        _lifecycle = new LifecycleNotices(_redis, _keys);
        _notified = new NotifiedSubjects(_redis, _keys);
        _wanted = new WantedSubjects(
            fixture.Redis,
            new InterestKeys(Options.Create(new WatchListOptions { KeyPrefix = prefix }))
        );
        _storeKeys = new StoreKeys(options);
        _clock = new StoreClock(_storeKeys, TimeProvider.System);
        var scripts = LostKeysProxy.Wrap(fixture.Redis, _ => _isStoreLost);
        _store = new PresenceStore(scripts, _storeKeys, new StoreChannels(fixture.Redis, _storeKeys), _clock, options);
        _signingKeys = new SigningKeys(
            _forge.CreateAuthority(),
            Options.Create(GraphSettings.Create()),
            TimeProvider.System
        );
    }

    public async Task InitializeAsync()
    {
        // As another node has left it.
        var stored = new StoredCertificate(
            Certificate.MadeAt,
            Certificate.PublicBase64,
            _protection.CreateProtector(EncryptionCertificates.Purpose).Protect(Certificate.ExportPrivateKey())
        );
        await _redis
            .GetDatabase()
            .StringSetAsync(_keys.Certificate(Certificate.Id), JsonSerializer.SerializeToUtf8Bytes(stored));
        await _registry.PutAsync(
            new SubscriptionRecord(
                Subscription,
                ClientState.Hash(Secret),
                TimeProvider.System.GetUtcNow().AddHours(1),
                Certificate.Id,
                "https://hub.example",
                [One.Value, Two.Value]
            ),
            CancellationToken.None
        );
    }

    public Task DisposeAsync()
    {
        _threads.Dispose();
        _meters.Dispose();
        _signingKeys.Dispose();
        _certificates.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task ProcessAsync_Basic_AsksForTheSubject() => Assert.Equal([One], await HintsOfAsync(Item(One)));

    [Fact]
    public async Task ProcessAsync_RichWithASequenceNumber_IsApplied()
    {
        Assert.Empty(await HintsOfAsync(Rich(One)));
        Assert.Equal("Busy", (await ReadAsync(One))!.Availability);
    }

    /// <param name="step">How far the store's clock is set ahead after the arrival, in minutes.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task ProcessOnceAsync_PartitionOfTheSubjectLost_AsksForTheSubjectAfterAFewAttempts(int step)
    {
        await _store.ReadAsync(0, [], CancellationToken.None);
        var hinted = new TaskCompletionSource<IReadOnlyList<SubjectId>>();
        var hints = await _wanted.SubscribeAsync((subjects, _) => hinted.TrySetResult(subjects));
        var (options, metrics) = (Options.Create(new NotificationOptions()), _meters.Create());
        var queue = new NotificationQueue(options, metrics);
        using var worker = new NotificationWorker(
            queue,
            CreateProcessor(PayloadTrust.WhenSequenced),
            options,
            metrics,
            _time,
            NullLogger<NotificationWorker>.Instance
        );
        _isStoreLost = true;
        Assert.True(
            queue.TryEnqueue(
                new NotificationBatch(
                    [Rich(One)],
                    [_forge.Create()],
                    0,
                    _clock.Now - StoreTime.FromTimeSpan(TimeSpan.FromMinutes(step))
                )
                {
                    Timestamp = _time.GetTimestamp(),
                }
            )
        );

        var processing = worker.ProcessOnceAsync(CancellationToken.None);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (
            var start = Stopwatch.GetTimestamp();
            !processing.IsCompleted && Stopwatch.GetElapsedTime(start) < IngestHost.Patience;

        )
        {
            // Each attempt asks Redis, so the time that decides about giving up must not run far ahead.
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await timer.WaitForNextTickAsync();
        }

        Assert.True(await processing.WaitAsync(IngestHost.Patience));
        Assert.Equal([One], await hinted.Task.WaitAsync(IngestHost.Patience));
        await hints.UnsubscribeAsync();
        Assert.Empty(_meters.Values("presencehub.ingest.notifications", "outcome=applied"));
        Assert.Empty(_meters.Values("presencehub.ingest.notifications", "outcome=dropped"));

        // The payload does not count as taken: it is opened when it is delivered again.
        _isStoreLost = false;
        Assert.Empty(await HintsOfAsync(Rich(One)));
        Assert.Equal("Busy", (await ReadAsync(One))!.Availability);
    }

    [Fact]
    public async Task ProcessAsync_RichWithout_AsksForTheSubject()
    {
        Assert.Equal([One], await HintsOfAsync(Rich(One, sequenceNumber: null)));
        Assert.Null(await ReadAsync(One));
    }

    [Fact]
    public async Task ProcessAsync_RichWithoutButTrusted_IsApplied()
    {
        Assert.Empty(await HintsOfAsync(Rich(One, sequenceNumber: null), PayloadTrust.Always));
        Assert.NotNull(await ReadAsync(One));
    }

    [Fact]
    public async Task ProcessAsync_StoreCannotOrderIt_AsksForTheSubject()
    {
        await _store.ApplyAsync(
            [new Observation(One, "Away", "Away", null, _clock.Now, ObservationSource.Poll)],
            CancellationToken.None
        );
        Assert.Equal([One], await HintsOfAsync(Rich(One)));
        Assert.Equal("Away", (await ReadAsync(One))!.Availability);
    }

    [Fact]
    public async Task ProcessAsync_ManyItems_AskOncePerSubject() =>
        Assert.Equal([One, Two], await HintsOfAsync([Item(One), Item(Two), Item(One)]));

    public static TheoryData<string, object> Forgeries() =>
        new()
        {
            { "client state", Item(One) with { ClientState = "other" } },
            { "no client state", Item(One) with { ClientState = null } },
            { "unknown subscription", Item(One) with { SubscriptionId = Guid.NewGuid().ToString() } },
            { "no subscription", Item(One) with { SubscriptionId = "NA" } },
            { "other tenant", Item(One) with { TenantId = Guid.NewGuid().ToString() } },
            { "no tenant", Item(One) with { TenantId = null } },
            { "subject of no interest", Item(Stranger) },
            { "another subject inside", Rich(One) with { ResourceData = new ChangedResource(Two.ToString()) } },
            {
                "a subject of no interest inside",
                Rich(Stranger) with
                {
                    ResourceData = new ChangedResource(One.ToString()),
                }
            },
            { "another subject inside, spelled in another case", Sealed(One, $"{{\"ID\":\"{Two}\"}}") },
            { "another subject's address inside", Sealed(One, $"{{\"@odata.id\":\"users/{Two}/presence\"}}") },
            {
                "the address of a subject of no interest",
                Item(One) with
                {
                    ResourceData = new ChangedResource(null, $"users/{Stranger}/presence"),
                }
            },
            {
                "nothing inside",
                Item(One) with
                {
                    EncryptedContent = new EncryptedContent(null, null, null, Certificate.Id),
                }
            },
        };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task ProcessAsync_Forged_DoesNothing(string what, object item)
    {
        Assert.Empty(await HintsOfAsync((ChangeNotification)item));
        Assert.Null(await ReadAsync(One));
        Assert.NotEmpty(what);
    }

    public static TheoryData<string, object> OtherShapes() =>
        new()
        {
            {
                "sequence number as a number",
                Sealed(One, Presence(One).Replace("\"A0000000001\"", "7", StringComparison.Ordinal))
            },
            { "no id", Sealed(One, Presence(One).Replace("\"id\"", "\"userId\"", StringComparison.Ordinal)) },
            {
                "Pascal case",
                Sealed(
                    One,
                    Presence(One)
                        .Replace("\"id\"", "\"Id\"", StringComparison.Ordinal)
                        .Replace("\"a", "\"A", StringComparison.Ordinal)
                )
            },
            {
                "only an address",
                Sealed(One, $"{{\"@odata.id\":\"https://graph.microsoft.com/v1.0/users('{One}')/presence\"}}")
            },
            { "id as a number", Sealed(One, "{\"id\":7}") },
            { "a list", Sealed(One, "[]") },
            { "nothing", Sealed(One, "null") },
            { "no JSON", Sealed(One, "presence") },
            {
                "availability as an object",
                Sealed(One, Presence(One).Replace("\"Busy\"", "{}", StringComparison.Ordinal))
            },
            {
                "a property twice",
                Sealed(One, Presence(One).Replace("{", "{\"activity\":\"Busy\",", StringComparison.Ordinal))
            },
            {
                "the item has only an address",
                Rich(One) with
                {
                    ResourceData = new ChangedResource(null, $"users/{One}/presence"),
                }
            },
            {
                "the item has an address behind a tenant",
                Rich(One) with
                {
                    ResourceData = new ChangedResource(null, $"tenants/{Guid.NewGuid()}/users('{One}')/presence"),
                }
            },
            {
                "the item's id is no id",
                Rich(One) with
                {
                    ResourceData = new ChangedResource("me", $"Users/{One.ToString().ToUpperInvariant()}/presence"),
                }
            },
            {
                "the item has only a resource",
                Rich(One) with
                {
                    ResourceData = null,
                    Resource = $"communications/presences?$filter=id+in+(%27{One}%27)",
                }
            },
        };

    /// <summary>It is authentic, so that something has changed: what, Graph says when it is read.</summary>
    [Theory]
    [MemberData(nameof(OtherShapes))]
    public async Task ProcessAsync_AuthenticOfAnotherShape_AsksForTheSubject(string what, object item)
    {
        Assert.Equal([One], await HintsOfAsync((ChangeNotification)item));
        Assert.Null(await ReadAsync(One));
        Assert.Equal(0, _meters.Values("presencehub.ingest.notifications", "outcome=forged").Sum());
        Assert.NotEmpty(what);
    }

    public static TheoryData<string, object> WithoutASubject() =>
        new()
        {
            { "no resource", Item(One) with { ResourceData = null } },
            { "an id that is none", Rich(One) with { ResourceData = new ChangedResource(null) } },
            {
                "a resource of two subjects",
                Item(One) with
                {
                    ResourceData = null,
                    Resource = $"communications/presences?$filter=id in ('{One}','{Two}')",
                }
            },
        };

    [Theory]
    [MemberData(nameof(WithoutASubject))]
    public async Task ProcessAsync_AuthenticWithoutASubject_AsksForAllOfTheSubscription(string what, object item)
    {
        Assert.Equal([One, Two], await HintsOfAsync((ChangeNotification)item));
        Assert.Null(await ReadAsync(One));
        Assert.Equal(0, _meters.Values("presencehub.ingest.notifications", "outcome=forged").Sum());
        Assert.NotEmpty(what);
    }

    [Fact]
    public async Task ProcessAsync_IdsInUpperCase_IsApplied()
    {
        var item = Rich(One);
        Assert.Empty(
            await HintsOfAsync(
                item with
                {
                    SubscriptionId = item.SubscriptionId!.ToUpperInvariant(),
                    TenantId = item.TenantId!.ToUpperInvariant(),
                    ResourceData = new ChangedResource(One.ToString().ToUpperInvariant()),
                }
            )
        );
        Assert.NotNull(await ReadAsync(One));
    }

    [Fact]
    public async Task ProcessAsync_PayloadWithAByteOrderMark_IsApplied()
    {
        Assert.Empty(await HintsOfAsync(Sealed(One, "\uFEFF" + Presence(One))));
        Assert.NotNull(await ReadAsync(One));
    }

    [Fact]
    public async Task ProcessAsync_RichWithoutTokens_DoesNothing()
    {
        Assert.Empty(await HintsOfAsync([Rich(One)], tokens: []));
        Assert.Null(await ReadAsync(One));
    }

    /// <summary>Graph tries for four hours: by then the subscription may be over and the certificate another.</summary>
    [Theory]
    [InlineData("A0000000009", "Busy")]
    [InlineData("A0000000001", "Away")]
    public async Task ProcessAsync_FourHoursAfterItsSubscriptionEnded_CountsByItsSequenceNumber(
        string sequenceNumber,
        string wins
    )
    {
        string[] tokens = [_forge.Create()];
        await _store.ApplyAsync(
            [new Observation(One, "Away", "Away", "A0000000005", _clock.Now, ObservationSource.Poll)],
            CancellationToken.None
        );
        _time.Advance(TimeSpan.FromHours(4.9));

        Assert.Empty(await HintsOfAsync([Rich(One, sequenceNumber)], tokens: tokens));

        Assert.Equal(wins, (await ReadAsync(One))!.Availability);
    }

    [Fact]
    public async Task ProcessAsync_CertificateOfNobody_AsksForTheSubject()
    {
        var rich = Rich(One);
        Assert.Equal(
            [One],
            await HintsOfAsync(
                rich with
                {
                    EncryptedContent = rich.EncryptedContent! with { EncryptionCertificateId = "other" },
                }
            )
        );
        Assert.Null(await ReadAsync(One));
    }

    [Fact]
    public async Task ProcessAsync_ReadInstead_OpensNothingAndAsksForTheSubject()
    {
        Assert.Equal([One], await HintsOfAsync([Rich(One)], readInstead: true));
        Assert.Null(await ReadAsync(One));
    }

    [Fact]
    public async Task ProcessAsync_ManyRichItems_AreAllApplied()
    {
        var items = Enumerable
            .Range(1, 40)
            .SelectMany(number => new[] { Rich(One, $"A{number:d10}"), Rich(Two, $"A{number:d10}", "Away") });
        Assert.Empty(await HintsOfAsync([.. items]));
        Assert.Equal(("Busy", "A0000000040"), ((await ReadAsync(One))!.Availability, await SequenceNumberOfAsync(One)));
        Assert.Equal(("Away", "A0000000040"), ((await ReadAsync(Two))!.Availability, await SequenceNumberOfAsync(Two)));
    }

    [Fact]
    public async Task ProcessAsync_RepeatedAfterItWasApplied_IsNotOpenedAgain()
    {
        var item = Rich(One);
        await HintsOfAsync(item);

        // Opened, the second would be found forged; the third is another payload, of the same state.
        var unreadable = item with { EncryptedContent = item.EncryptedContent! with { Data = "not what was signed" } };
        Assert.Empty(await HintsOfAsync([item, unreadable, Rich(One)]));
        Assert.Equal(2, _meters.Values("presencehub.ingest.notifications", "outcome=repeated").Sum());
        Assert.Equal(2, _meters.Values("presencehub.ingest.notifications", "outcome=applied").Sum());
        Assert.Empty(_meters.Values("presencehub.ingest.notifications", "outcome=forged"));
    }

    [Fact]
    public async Task ProcessAsync_RepeatedAfterTheStoreCouldNotOrderIt_AsksAgain()
    {
        await _store.ApplyAsync(
            [new Observation(One, "Away", "Away", null, _clock.Now, ObservationSource.Poll)],
            CancellationToken.None
        );
        var item = Rich(One);
        Assert.Equal([One], await HintsOfAsync(item));
        Assert.Equal([One], await HintsOfAsync(item));
        Assert.Empty(_meters.Values("presencehub.ingest.notifications", "outcome=repeated"));
    }

    [Fact]
    public async Task ProcessAsync_PayloadsCarryNoSequenceNumbers_AreReadWithoutBeingOpened()
    {
        for (var i = 0; i < SequencedPayloads.Convincing; i++)
        {
            Assert.Equal([One], await HintsOfAsync(Rich(One, sequenceNumber: null)));
        }

        // Opened, it would be found forged.
        var unreadable = Rich(Two);
        unreadable = unreadable with { EncryptedContent = unreadable.EncryptedContent! with { DataSignature = "" } };
        Assert.Equal([Two], await HintsOfAsync(unreadable));
    }

    [Fact]
    public async Task ProcessAsync_TokensCannotBeVerified_AsksForTheSubject()
    {
        _forge.IsDown = true;
        Assert.Equal([One], await HintsOfAsync(Rich(One)));
        Assert.Null(await ReadAsync(One));
    }

    [Theory]
    [InlineData("reauthorizationRequired", "ReauthorizationRequired")]
    [InlineData("subscriptionRemoved", "SubscriptionRemoved")]
    [InlineData("missed", "Missed")]
    public async Task ProcessAsync_LifecycleEvent_IsToldToTheLeader(string name, string told)
    {
        var notices = new TaskCompletionSource<LifecycleNotice>();
        await _lifecycle.SubscribeAsync(notice => notices.TrySetResult(notice));
        await HintsOfAsync([
            Item(One) with
            {
                LifecycleEvent = name,
                ClientState = "forged",
            },
            Item(One) with
            {
                LifecycleEvent = "7",
            },
            Item(One) with
            {
                LifecycleEvent = "deleted",
            },
            Item(One) with
            {
                LifecycleEvent = name,
            },
        ]);
        var notice = await notices.Task.WaitAsync(IngestHost.Patience);
        Assert.Equal((Subscription, told), (notice.SubscriptionId, notice.Event.ToString()));
    }

    private static ChangeNotification Item(SubjectId subject) =>
        new(
            Subscription.ToString(),
            Secret,
            GraphSettings.TenantId,
            null,
            new ChangedResource(subject.ToString()),
            null
        );

    private static ChangeNotification Rich(
        SubjectId subject,
        string? sequenceNumber = "A0000000001",
        string availability = "Busy"
    ) => Sealed(subject, Presence(subject, sequenceNumber, availability));

    private static ChangeNotification Sealed(SubjectId subject, string json) =>
        Item(subject) with
        {
            EncryptedContent = PayloadDecryptorTests.Encrypt(json, Certificate),
        };

    private static string Presence(
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

    private Task<SubjectId[]> HintsOfAsync(ChangeNotification item, PayloadTrust trust = PayloadTrust.WhenSequenced) =>
        HintsOfAsync([item], trust);

    /// <summary>Processes a POST and returns the subjects that it refreshes.</summary>
    private async Task<SubjectId[]> HintsOfAsync(
        ChangeNotification[] items,
        PayloadTrust trust = PayloadTrust.WhenSequenced,
        string[]? tokens = null,
        bool readInstead = false
    )
    {
        var (hints, done) = (new List<SubjectId>(), new TaskCompletionSource());
        var queue = await _wanted.SubscribeAsync(
            (subjects, _) =>
            {
                hints.AddRange(subjects.Where(subject => subject != Last));
                if (subjects.Contains(Last))
                {
                    done.TrySetResult();
                }
            }
        );
        await CreateProcessor(trust)
            .ProcessAsync(
                new NotificationBatch(items, tokens ?? [_forge.Create()], 0, _clock.Now),
                readInstead,
                CancellationToken.None
            );

        // Messages come in order: when this one is here, all before it were.
        await _wanted.PublishAsync([Last]);
        await done.Task.WaitAsync(IngestHost.Patience);
        await queue.UnsubscribeAsync();
        return [.. hints.OrderBy(subject => subject.ToString(), StringComparer.Ordinal)];
    }

    private async Task<StoredEntry?> ReadAsync(SubjectId subject) =>
        (await _store.ReadAsync(0, [subject], CancellationToken.None)).Entries[0];

    private async Task<string?> SequenceNumberOfAsync(SubjectId subject) =>
        await _redis.GetDatabase().HashGetAsync(_storeKeys.Subject(0, subject), "q");

    private NotificationProcessor CreateProcessor(PayloadTrust trust)
    {
        var graph = Options.Create(GraphSettings.Create());
        var metrics = _meters.Create();
        var payloads = new NotificationPayloads(
            new ValidationTokens(_signingKeys, graph, _time),
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
            _store,
            _wanted,
            _notified,
            _lifecycle,
            metrics
        );
    }
}
