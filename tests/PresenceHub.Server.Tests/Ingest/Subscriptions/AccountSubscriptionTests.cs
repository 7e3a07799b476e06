using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Accounts;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Notifications;
using PresenceHub.Server.Ingest.Subscriptions;
using PresenceHub.Server.Tests.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Subscriptions;

[Trait("Category", "Functional")]
public sealed class AccountSubscriptionTests : IClassFixture<RedisFixture>, IDisposable
{
    private static readonly TimeSpan MinRecreateInterval = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));
    private readonly RedisFixture _fixture;
    private readonly IngestKeys _keys;
    private readonly EncryptionCertificates _certificates;
    private readonly SubscriptionRegistry _registry;
    private readonly GraphSubscriptions _subscriptions;
    private readonly FakeSubscriptions _graph = new();
    private readonly SubscriptionOptions _options = new();
    private readonly RefusedSubjects _refused;
    private AccountSubscription _account;

    public AccountSubscriptionTests(RedisFixture fixture)
    {
        var options = Options.Create(GraphSettings.Create());
        var clients = new GraphClients(_graph.Graph, options);
        var keys = RedisFixture.CreateKeys();
        (_fixture, _keys) = (fixture, keys);
        var signIn = new AccountSignIn(_graph.Graph, clients, new AccountTokenCache(fixture.Redis, keys, new EphemeralDataProtectionProvider()), options);
        var tokens = new DelegatedTokens(_graph.Graph, clients, new EmulatorSignIn(_graph.Graph, options), signIn, options, _time);
        _certificates = new EncryptionCertificates(fixture.Redis, keys, new EphemeralDataProtectionProvider(), _time);
        _registry = new SubscriptionRegistry(fixture.Redis, keys, _time);
        _refused = new RefusedSubjects(Options.Create(_options), _time);
        _subscriptions = new GraphSubscriptions(options.Value.Accounts[0], clients, tokens, _certificates, options, Options.Create(new NotificationOptions()));
        _account = CreateAccount();
    }

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task TurnOnceAsync_NobodyWatched_AsksGraphForNothing()
    {
        Assert.False(await TurnAsync([]));
        Assert.Empty(_graph.Graph.Requests);
    }

    [Fact]
    public async Task TurnOnceAsync_FirstWatch_CreatesARichSubscriptionAndReads()
    {
        Assert.True(await TurnAsync(Subjects(2)));
        Assert.Equal(["GET", "POST"], _graph.TakeMethods());
        Assert.Equal(Subjects(2), _account.Covered);
    }

    [Fact]
    public async Task TurnOnceAsync_Create_AsksForWhatGraphDemands()
    {
        await TurnAsync(Subjects(2));
        var body = JsonDocument.Parse(_graph.Graph.Requests.Last().Body).RootElement;
        Assert.Equal("updated", body.GetProperty("changeType").GetString());
        Assert.Equal($"/communications/presences?$filter=id in ('{Subjects(2)[0]}','{Subjects(2)[1]}')", body.GetProperty("resource").GetString());
        Assert.Equal("https://hub.example/graph/notifications", body.GetProperty("notificationUrl").GetString());
        Assert.Equal("https://hub.example/graph/lifecycle", body.GetProperty("lifecycleNotificationUrl").GetString());
        Assert.True(body.GetProperty("includeResourceData").GetBoolean());
        Assert.Equal((await _certificates.CurrentAsync(default)).Id, body.GetProperty("encryptionCertificateId").GetString());
        Assert.InRange(body.GetProperty("clientState").GetString()!.Length, 43, 128);
        Assert.InRange(body.GetProperty("expirationDateTime").GetDateTimeOffset() - _time.GetUtcNow(), TimeSpan.FromMinutes(45), TimeSpan.FromMinutes(59));
    }

    [Fact]
    public async Task TurnOnceAsync_Created_IsKnownToOtherNodesByItsHashOnly()
    {
        await TurnAsync(Subjects(2));
        var clientState = JsonDocument.Parse(_graph.Graph.Requests.Last().Body).RootElement.GetProperty("clientState").GetString();
        var record = await _registry.TryGetAsync(_graph.OnlyId, CancellationToken.None);
        Assert.True(ClientState.Matches(record!.ClientStateHash, clientState));
    }

    [Fact]
    public async Task RegisterAgain_StoreLostItsData_NodesThatDidNotKnowItDoAgain()
    {
        await TurnAsync(Subjects(2));
        await _fixture.Redis.GetDatabase().KeyDeleteAsync(_keys.Subscription(_graph.OnlyId));
        var node = new SubscriptionRegistry(_fixture.Redis, _keys, _time);
        Assert.Null(await node.TryGetAsync(_graph.OnlyId, CancellationToken.None));

        _account.RegisterAgain();
        await TurnAsync(Subjects(2));

        Assert.Equal(Subjects(2), (await node.TryGetAsync(_graph.OnlyId, CancellationToken.None))!.Covered);
    }

    [Fact]
    public async Task TurnOnceAsync_HalfItsLife_Renews()
    {
        await TurnAsync(Subjects(2));
        _graph.TakeMethods();
        _time.Advance(TimeSpan.FromMinutes(26));
        Assert.False(await TurnAsync(Subjects(2)));
        Assert.Empty(_graph.TakeMethods());
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.True(await TurnAsync(Subjects(2)));
        Assert.Equal(["PATCH"], _graph.TakeMethods());
        _time.Advance(TimeSpan.FromMinutes(26));
        await TurnAsync(Subjects(2));
        Assert.Empty(_graph.TakeMethods());
    }

    [Fact]
    public async Task TurnOnceAsync_ReturnedExpiryIsEarlier_IsTrusted()
    {
        _graph.Script.Enqueue(FakeSubscriptions.None());
        _graph.Script.Enqueue(FakeSubscriptions.Subscription(Guid.NewGuid(), _time.GetUtcNow().AddMinutes(10)));
        await TurnAsync(Subjects(1));
        _graph.TakeMethods();
        _time.Advance(TimeSpan.FromMinutes(5));
        await TurnAsync(Subjects(1));
        Assert.Equal("PATCH", _graph.TakeMethods()[0]);
    }

    [Fact]
    public async Task TurnOnceAsync_RenewalSaysGone_CreatesAnew()
    {
        await TurnAsync(Subjects(2));
        _graph.TakeMethods();
        _graph.Held.Clear();
        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.True(await TurnAsync(Subjects(2)));
        Assert.Equal(["PATCH", "DELETE", "POST"], _graph.TakeMethods());
        Assert.Single(_graph.Held);
    }

    [Fact]
    public async Task TurnOnceAsync_RenewalDoesNotMoveTheExpiry_CreatesAnew()
    {
        await TurnAsync(Subjects(2));
        _graph.TakeMethods();
        _time.Advance(TimeSpan.FromMinutes(30));
        _graph.Script.Enqueue(FakeSubscriptions.Subscription(_graph.OnlyId, _graph.Held.Values.Single()));
        Assert.True(await TurnAsync(Subjects(2)));
        Assert.Equal(["PATCH", "DELETE", "POST"], _graph.TakeMethods());
    }

    [Fact]
    public async Task TurnOnceAsync_CertificateIsADayOld_RenewalTakesTheNext()
    {
        await TurnAsync(Subjects(2));
        var first = (await _certificates.CurrentAsync(default)).Id;
        while (_time.GetUtcNow() - (await _certificates.TryFindAsync(first, default))!.MadeAt < EncryptionCertificates.RotationPeriod)
        {
            _time.Advance(TimeSpan.FromMinutes(30));
            _graph.TakeMethods();
            Assert.True(await TurnAsync(Subjects(2)));
        }

        Assert.Equal(["DELETE", "POST"], _graph.TakeMethods());
        Assert.NotEqual(first, _account.Held!.CertificateId);
        Assert.Equal((await _certificates.CurrentAsync(default)).Id, _account.Held!.CertificateId);
    }

    [Fact]
    public async Task TurnOnceAsync_RenewalFails_IsTriedAgainAfterAWait()
    {
        await TurnAsync(Subjects(2));
        _graph.TakeMethods();
        _time.Advance(TimeSpan.FromMinutes(30));
        _graph.Script.Enqueue(FakeGraph.Error(HttpStatusCode.InternalServerError));
        await TurnAsync(Subjects(2));
        await TurnAsync(Subjects(2));
        Assert.Equal(["PATCH"], _graph.TakeMethods());
        Assert.Equal(2, _account.Covered.Count);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await TurnAsync(Subjects(2)));
        Assert.Equal(["PATCH"], _graph.TakeMethods());
    }

    [Fact]
    public async Task TurnOnceAsync_AFewMorePeople_WaitTheIntervalForOthersToCome()
    {
        await TurnAsync(Subjects(2));
        _graph.TakeMethods();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(await TurnAsync(Subjects(3)));
        _time.Advance(MinRecreateInterval / 2);
        Assert.False(await TurnAsync(Subjects(4)));
        Assert.Empty(_graph.TakeMethods());
        _time.Advance(MinRecreateInterval / 2);
        Assert.True(await TurnAsync(Subjects(4)));
        Assert.Equal(["DELETE", "POST"], _graph.TakeMethods());
        Assert.Equal(4, _account.Covered.Count);
    }

    [Fact]
    public async Task TurnOnceAsync_ManyMorePeople_AreWorthItAtOnceButNotAgainWithinTheInterval()
    {
        await TurnAsync(Subjects(2));
        _time.Advance(MinRecreateInterval);
        _graph.TakeMethods();
        Assert.True(await TurnAsync(Subjects(2 + _options.RecreateBatch)));
        Assert.Equal(["DELETE", "POST"], _graph.TakeMethods());
        Assert.False(await TurnAsync(Subjects(2 + (2 * _options.RecreateBatch))));
        Assert.Empty(_graph.TakeMethods());
        _time.Advance(MinRecreateInterval);
        Assert.True(await TurnAsync(Subjects(2 + (2 * _options.RecreateBatch))));
    }

    [Fact]
    public async Task TurnOnceAsync_GraphNamesBadIds_GoesOnWithoutThem()
    {
        var people = Subjects(10);
        _graph.Script.Enqueue(FakeSubscriptions.None());
        _graph.Script.Enqueue(FakeGraph.Json(
            $"{{\"error\":{{\"code\":\"ExtensionError\",\"message\":\"Invalid users: {people[3]},{people[7]}; request {Guid.NewGuid()}\"}}}}", HttpStatusCode.InternalServerError));
        Assert.True(await TurnAsync(people));
        Assert.Equal(["GET", "POST", "POST"], _graph.TakeMethods());
        Assert.Equal(people.Except([people[3], people[7]]).ToHashSet(), _account.Covered.ToHashSet());
        Assert.True(_refused.Contains(people[3]));
        Assert.False(_refused.Contains(people[0]));
        _time.Advance(_options.RefusedFor);
        Assert.False(_refused.Contains(people[3]));
    }

    [Fact]
    public async Task TurnOnceAsync_TokenRefusedOnce_ComesBackWithAnother()
    {
        _graph.Script.Enqueue(FakeGraph.Error(HttpStatusCode.Unauthorized));
        await TurnAsync(Subjects(2));
        Assert.True(_account.CanHold);
        Assert.Equal("graph401", _account.Health.LastError);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await TurnAsync(Subjects(2)));
        Assert.Equal(2, _graph.SignIns);
        Assert.Null(_account.Health.LastError);
    }

    [Fact]
    public async Task TurnOnceAsync_NewTokenIsRefusedToo_NeedsSignInAndIsTriedSlowly()
    {
        await TurnAsync(Subjects(2));
        _time.Advance(TimeSpan.FromMinutes(30));
        _graph.TakeMethods();
        _graph.Script.Enqueue(FakeGraph.Error(HttpStatusCode.Unauthorized));
        _graph.Script.Enqueue(FakeGraph.Error(HttpStatusCode.Unauthorized));
        await TurnAsync(Subjects(2));
        _time.Advance(TimeSpan.FromSeconds(1));
        await TurnAsync(Subjects(2));
        Assert.False(_account.CanHold);
        Assert.Equal(new SubscriptionHealth(0, null, "signInNeeded", true), _account.Health);
        _graph.TakeMethods();

        _time.Advance(_options.SignInRetryPeriod * 0.75);
        await TurnAsync([]);
        Assert.Empty(_graph.TakeMethods());
        _time.Advance(_options.SignInRetryPeriod * 0.25);
        Assert.True(await TurnAsync([]));
        Assert.True(_account.CanHold);
        Assert.Equal(["GET", "PATCH"], _graph.TakeMethods());
        Assert.Equal(2, _account.Covered.Count);
    }

    [Fact]
    public async Task DeclareDead_ItsOwn_IsMadeAnew()
    {
        await TurnAsync(Subjects(2));
        _graph.TakeMethods();
        _account.DeclareDead(Guid.NewGuid());
        Assert.False(await TurnAsync(Subjects(2)));
        _account.DeclareDead(_graph.OnlyId);
        Assert.True(await TurnAsync(Subjects(2)));
        Assert.Equal(["DELETE", "POST"], _graph.TakeMethods());
        Assert.False(await TurnAsync(Subjects(2)));
    }

    [Fact]
    public async Task SettleOnceAsync_GraphHoldsOneAlready_TakesItOverBeforeAnythingIsPlanned()
    {
        await TurnAsync(Subjects(2));
        _account = CreateAccount();
        Assert.True(await _account.SettleOnceAsync(CancellationToken.None));
        Assert.True(_account.IsSettled);
        Assert.Equal(2, _account.Covered.Count);
    }

    [Fact]
    public async Task TurnOnceAsync_FewerPeople_LeavesItAsItIs()
    {
        await TurnAsync(Subjects(3));
        _graph.TakeMethods();
        _time.Advance(TimeSpan.FromMinutes(1));
        await TurnAsync(Subjects(1));
        Assert.Empty(_graph.TakeMethods());
    }

    [Fact]
    public async Task TurnOnceAsync_NobodyLeftAtRenewal_Deletes()
    {
        await TurnAsync(Subjects(2));
        _graph.TakeMethods();
        _time.Advance(TimeSpan.FromMinutes(30));
        await TurnAsync([]);
        Assert.Equal(["DELETE"], _graph.TakeMethods());
        Assert.Empty(_account.Covered);
    }

    [Theory]
    [InlineData(HttpStatusCode.Conflict)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task TurnOnceAsync_CreateRefused_ListsAndDeletesWhatIsInTheWay(HttpStatusCode status)
    {
        _graph.Held[Guid.NewGuid().ToString()] = _time.GetUtcNow().AddMinutes(50);
        _graph.Script.Enqueue(FakeSubscriptions.None());
        _graph.Script.Enqueue(FakeGraph.Error(status));
        Assert.False(await TurnAsync(Subjects(2)));
        Assert.Empty(_account.Covered);
        await TurnAsync(Subjects(2));
        Assert.Equal(["GET", "POST"], _graph.TakeMethods());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await TurnAsync(Subjects(2)));
        Assert.Equal(["GET", "DELETE", "POST"], _graph.TakeMethods());
    }

    [Fact]
    public async Task TurnOnceAsync_EachAttempt_SendsTheWholeSubscription()
    {
        _graph.Script.Enqueue(FakeSubscriptions.None());
        _graph.Script.Enqueue(FakeGraph.Error(HttpStatusCode.Conflict));
        await TurnAsync(Subjects(2));
        _time.Advance(TimeSpan.FromSeconds(1));
        await TurnAsync(Subjects(2));
        Assert.All(_graph.Graph.Requests.Where(request => request.Method is "POST"), request => Assert.Contains("changeType", request.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task TurnOnceAsync_GraphSaysTooLong_AsksForLess()
    {
        _graph.Script.Enqueue(FakeSubscriptions.None());
        _graph.Script.Enqueue(FakeGraph.Error(HttpStatusCode.BadRequest));
        await TurnAsync(Subjects(2));
        _time.Advance(TimeSpan.FromSeconds(1));
        await TurnAsync(Subjects(2));
        var expiry = JsonDocument.Parse(_graph.Graph.Requests.Last().Body).RootElement.GetProperty("expirationDateTime").GetDateTimeOffset();
        Assert.Equal(TimeSpan.FromMinutes(40), expiry - _time.GetUtcNow());
    }

    [Fact]
    public async Task TurnOnceAsync_NextTermOfTheSameProcess_TakesItOver()
    {
        await TurnAsync(Subjects(2));
        _graph.TakeMethods();
        _account = CreateAccount();
        Assert.True(await TurnAsync(Subjects(2)));
        Assert.Equal(["GET", "PATCH"], _graph.TakeMethods());
        Assert.Equal(2, _account.Covered.Count);
    }

    [Fact]
    public async Task TurnOnceAsync_SubscriptionOfAnotherProcess_IsDeletedFirst()
    {
        _graph.Held[Guid.NewGuid().ToString()] = _time.GetUtcNow().AddMinutes(50);
        Assert.True(await TurnAsync(Subjects(2)));
        Assert.Equal(["GET", "DELETE", "POST"], _graph.TakeMethods());
    }

    [Fact]
    public async Task Notice_ReauthorizationRequired_RenewsAtMostOnceAMinute()
    {
        await TurnAsync(Subjects(2));
        _graph.TakeMethods();
        _time.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 5; i++)
        {
            await NoticeAsync(LifecycleEvent.ReauthorizationRequired);
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(["PATCH"], _graph.TakeMethods());
    }

    [Fact]
    public async Task Notice_SubscriptionRemoved_CreatesAnew()
    {
        await TurnAsync(Subjects(2));
        _graph.TakeMethods();
        _account.Notice(new LifecycleNotice(_graph.OnlyId, LifecycleEvent.SubscriptionRemoved));
        _graph.Held.Clear();
        Assert.True(await TurnAsync(Subjects(2)));
        Assert.Equal(["GET", "POST"], _graph.TakeMethods());
    }

    [Fact]
    public async Task Notice_Missed_Reads()
    {
        await TurnAsync(Subjects(2));
        _graph.TakeMethods();
        Assert.True(await NoticeAsync(LifecycleEvent.Missed));
        Assert.Empty(_graph.TakeMethods());
    }

    [Fact]
    public async Task Notice_OfAnotherSubscription_IsIgnored()
    {
        await TurnAsync(Subjects(2));
        _graph.TakeMethods();
        _account.Notice(new LifecycleNotice(Guid.NewGuid(), LifecycleEvent.SubscriptionRemoved));
        Assert.False(await TurnAsync(Subjects(2)));
        Assert.Empty(_graph.TakeMethods());
    }

    private static SubjectId[] Subjects(int count) => [.. Enumerable.Range(1, count).Select(i => new SubjectId(new Guid(i, 0, 0, new byte[8])))];

    private AccountSubscription CreateAccount() => new(
        _subscriptions, _registry, _refused, _options, MinRecreateInterval, TestMetrics.Create(_time), _time, NullLogger.Instance);

    private Task<bool> TurnAsync(IReadOnlyList<SubjectId> wanted) => _account.TurnOnceAsync(wanted, CancellationToken.None);

    private Task<bool> NoticeAsync(LifecycleEvent lifecycleEvent)
    {
        _account.Notice(new LifecycleNotice(_graph.OnlyId, lifecycleEvent));
        return TurnAsync([.. _account.Covered]);
    }
}
