using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Notifications;
using PresenceHub.Server.Ingest.Subscriptions;
using PresenceHub.Server.Tests.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Subscriptions;

[Trait("Category", "Functional")]
public sealed class AccountSubscriptionTests : IClassFixture<RedisFixture>
{
    private static readonly TimeSpan MinRecreateInterval = TimeSpan.FromSeconds(5);
    private static readonly EncryptionCertificate Certificate = new(TimeProvider.System);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));
    private readonly SubscriptionRegistry _registry;
    private readonly GraphSubscriptions _subscriptions;
    private readonly FakeSubscriptions _graph = new();
    private AccountSubscription _account;

    public AccountSubscriptionTests(RedisFixture fixture)
    {
        var options = Options.Create(GraphSettings.Create());
        var clients = new GraphClients(_graph.Graph, options);
        var tokens = new DelegatedTokens(_graph.Graph, clients, new EmulatorSignIn(_graph.Graph, options), options, _time);
        _registry = new SubscriptionRegistry(fixture.Redis, RedisFixture.CreateKeys(), _time);
        _subscriptions = new GraphSubscriptions(options.Value.Accounts[0], clients, tokens, Certificate, options, Options.Create(new NotificationOptions()));
        _account = CreateAccount();
    }

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
        Assert.Equal(Certificate.Id, body.GetProperty("encryptionCertificateId").GetString());
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
    public async Task TurnOnceAsync_MorePeople_WaitsForTheIntervalThenReplaces()
    {
        await TurnAsync(Subjects(2));
        _graph.TakeMethods();
        _time.Advance(MinRecreateInterval / 2);
        Assert.False(await TurnAsync(Subjects(3)));
        Assert.Empty(_graph.TakeMethods());
        _time.Advance(MinRecreateInterval / 2);
        Assert.True(await TurnAsync(Subjects(3)));
        Assert.Equal(["DELETE", "POST"], _graph.TakeMethods());
        Assert.Equal(3, _account.Covered.Count);
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

    [Fact]
    public async Task Assign_MoreThanOneCanHold_KeepsWhoIsCoveredAndFillsUp()
    {
        await TurnAsync(Subjects(10));
        var watched = Subjects(2000).Skip(5).ToHashSet();
        var (_, wanted) = Assert.Single(SubscriptionService.Assign(watched, [_account]));
        Assert.Equal(AccountSubscription.Capacity, wanted.Count);
        Assert.Equal(AccountSubscription.Capacity, wanted.Distinct().Count());
        Assert.All(Subjects(10).Skip(5), subject => Assert.Contains(subject, wanted));
        Assert.All(Subjects(5), subject => Assert.DoesNotContain(subject, wanted));
    }

    private static SubjectId[] Subjects(int count) => [.. Enumerable.Range(1, count).Select(i => new SubjectId(new Guid(i, 0, 0, new byte[8])))];

    private AccountSubscription CreateAccount() => new(_subscriptions, _registry, MinRecreateInterval, _time, NullLogger.Instance);

    private Task<bool> TurnAsync(IReadOnlyList<SubjectId> wanted) => _account.TurnOnceAsync(wanted, CancellationToken.None);

    private Task<bool> NoticeAsync(LifecycleEvent lifecycleEvent)
    {
        _account.Notice(new LifecycleNotice(_graph.OnlyId, lifecycleEvent));
        return TurnAsync([.. _account.Covered]);
    }
}
