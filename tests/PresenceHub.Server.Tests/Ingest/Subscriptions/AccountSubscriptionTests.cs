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
    private readonly Dictionary<string, DateTimeOffset> _held = [];
    private readonly Queue<HttpResponseMessage> _faults = new();
    private readonly FakeGraph _graph;
    private AccountSubscription _account;

    public AccountSubscriptionTests(RedisFixture fixture)
    {
        _graph = new FakeGraph(Answer);
        var options = Options.Create(GraphSettings.Create());
        var clients = new GraphClients(_graph, options);
        var tokens = new DelegatedTokens(_graph, clients, new EmulatorSignIn(_graph, options), options, _time);
        _registry = new SubscriptionRegistry(fixture.Redis, RedisFixture.CreateKeys(), _time);
        _subscriptions = new GraphSubscriptions(options.Value.Accounts[0], clients, tokens, Certificate, options, Options.Create(new NotificationOptions()));
        _account = CreateAccount();
    }

    [Fact]
    public async Task TurnOnceAsync_NobodyWatched_AsksGraphForNothing()
    {
        Assert.False(await TurnAsync([]));
        Assert.Empty(_graph.Requests);
    }

    [Fact]
    public async Task TurnOnceAsync_FirstWatch_CreatesARichSubscriptionAndReads()
    {
        Assert.True(await TurnAsync(Subjects(2)));
        Assert.Equal(["GET", "POST"], TakeMethods());
        Assert.Equal(Subjects(2), _account.Covered);
    }

    [Fact]
    public async Task TurnOnceAsync_Create_AsksForWhatGraphDemands()
    {
        await TurnAsync(Subjects(2));
        var body = JsonDocument.Parse(_graph.Requests.Last().Body).RootElement;
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
        var clientState = JsonDocument.Parse(_graph.Requests.Last().Body).RootElement.GetProperty("clientState").GetString();
        var record = await _registry.TryGetAsync(Guid.Parse(_held.Keys.Single()), CancellationToken.None);
        Assert.True(ClientState.Matches(record!.ClientStateHash, clientState));
    }

    [Fact]
    public async Task TurnOnceAsync_HalfItsLife_Renews()
    {
        await TurnAsync(Subjects(2));
        TakeMethods();
        _time.Advance(TimeSpan.FromMinutes(26));
        Assert.False(await TurnAsync(Subjects(2)));
        Assert.Empty(TakeMethods());
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.True(await TurnAsync(Subjects(2)));
        Assert.Equal(["PATCH"], TakeMethods());
        _time.Advance(TimeSpan.FromMinutes(26));
        await TurnAsync(Subjects(2));
        Assert.Empty(TakeMethods());
    }

    [Fact]
    public async Task TurnOnceAsync_ReturnedExpiryIsEarlier_IsTrusted()
    {
        _faults.Enqueue(FakeGraph.Json("""{"value":[]}"""));
        _faults.Enqueue(Created(Guid.NewGuid(), _time.GetUtcNow().AddMinutes(10)));
        await TurnAsync(Subjects(1));
        TakeMethods();
        _time.Advance(TimeSpan.FromMinutes(5));
        await TurnAsync(Subjects(1));
        Assert.Equal("PATCH", TakeMethods()[0]);
    }

    [Fact]
    public async Task TurnOnceAsync_RenewalSaysGone_CreatesAnew()
    {
        await TurnAsync(Subjects(2));
        TakeMethods();
        _held.Clear();
        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.True(await TurnAsync(Subjects(2)));
        Assert.Equal(["PATCH", "DELETE", "POST"], TakeMethods());
        Assert.Single(_held);
    }

    [Fact]
    public async Task TurnOnceAsync_RenewalDoesNotMoveTheExpiry_CreatesAnew()
    {
        await TurnAsync(Subjects(2));
        TakeMethods();
        _time.Advance(TimeSpan.FromMinutes(30));
        _faults.Enqueue(Created(Guid.Parse(_held.Keys.Single()), _held.Values.Single()));
        Assert.True(await TurnAsync(Subjects(2)));
        Assert.Equal(["PATCH", "DELETE", "POST"], TakeMethods());
    }

    [Fact]
    public async Task TurnOnceAsync_RenewalFails_IsTriedAgainAfterAWait()
    {
        await TurnAsync(Subjects(2));
        TakeMethods();
        _time.Advance(TimeSpan.FromMinutes(30));
        _faults.Enqueue(FakeGraph.Error(HttpStatusCode.InternalServerError));
        await TurnAsync(Subjects(2));
        await TurnAsync(Subjects(2));
        Assert.Equal(["PATCH"], TakeMethods());
        Assert.Equal(2, _account.Covered.Count);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await TurnAsync(Subjects(2)));
        Assert.Equal(["PATCH"], TakeMethods());
    }

    [Fact]
    public async Task TurnOnceAsync_MorePeople_WaitsForTheIntervalThenReplaces()
    {
        await TurnAsync(Subjects(2));
        TakeMethods();
        _time.Advance(MinRecreateInterval / 2);
        Assert.False(await TurnAsync(Subjects(3)));
        Assert.Empty(TakeMethods());
        _time.Advance(MinRecreateInterval / 2);
        Assert.True(await TurnAsync(Subjects(3)));
        Assert.Equal(["DELETE", "POST"], TakeMethods());
        Assert.Equal(3, _account.Covered.Count);
    }

    [Fact]
    public async Task TurnOnceAsync_FewerPeople_LeavesItAsItIs()
    {
        await TurnAsync(Subjects(3));
        TakeMethods();
        _time.Advance(TimeSpan.FromMinutes(1));
        await TurnAsync(Subjects(1));
        Assert.Empty(TakeMethods());
    }

    [Fact]
    public async Task TurnOnceAsync_NobodyLeftAtRenewal_Deletes()
    {
        await TurnAsync(Subjects(2));
        TakeMethods();
        _time.Advance(TimeSpan.FromMinutes(30));
        await TurnAsync([]);
        Assert.Equal(["DELETE"], TakeMethods());
        Assert.Empty(_account.Covered);
    }

    [Theory]
    [InlineData(HttpStatusCode.Conflict)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task TurnOnceAsync_CreateRefused_ListsAndDeletesWhatIsInTheWay(HttpStatusCode status)
    {
        _held[Guid.NewGuid().ToString()] = _time.GetUtcNow().AddMinutes(50);
        _faults.Enqueue(FakeGraph.Json("""{"value":[]}"""));
        _faults.Enqueue(FakeGraph.Error(status));
        Assert.False(await TurnAsync(Subjects(2)));
        Assert.Empty(_account.Covered);
        await TurnAsync(Subjects(2));
        Assert.Equal(["GET", "POST"], TakeMethods());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await TurnAsync(Subjects(2)));
        Assert.Equal(["GET", "DELETE", "POST"], TakeMethods());
    }

    [Fact]
    public async Task TurnOnceAsync_EachAttempt_SendsTheWholeSubscription()
    {
        _faults.Enqueue(FakeGraph.Json("""{"value":[]}"""));
        _faults.Enqueue(FakeGraph.Error(HttpStatusCode.Conflict));
        await TurnAsync(Subjects(2));
        _time.Advance(TimeSpan.FromSeconds(1));
        await TurnAsync(Subjects(2));
        Assert.All(_graph.Requests.Where(request => request.Method is "POST"), request => Assert.Contains("changeType", request.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task TurnOnceAsync_GraphSaysTooLong_AsksForLess()
    {
        _faults.Enqueue(FakeGraph.Json("""{"value":[]}"""));
        _faults.Enqueue(FakeGraph.Error(HttpStatusCode.BadRequest));
        await TurnAsync(Subjects(2));
        _time.Advance(TimeSpan.FromSeconds(1));
        await TurnAsync(Subjects(2));
        var expiry = JsonDocument.Parse(_graph.Requests.Last().Body).RootElement.GetProperty("expirationDateTime").GetDateTimeOffset();
        Assert.Equal(TimeSpan.FromMinutes(40), expiry - _time.GetUtcNow());
    }

    [Fact]
    public async Task TurnOnceAsync_NextTermOfTheSameProcess_TakesItOver()
    {
        await TurnAsync(Subjects(2));
        TakeMethods();
        _account = CreateAccount();
        Assert.True(await TurnAsync(Subjects(2)));
        Assert.Equal(["GET", "PATCH"], TakeMethods());
        Assert.Equal(2, _account.Covered.Count);
    }

    [Fact]
    public async Task TurnOnceAsync_SubscriptionOfAnotherProcess_IsDeletedFirst()
    {
        _held[Guid.NewGuid().ToString()] = _time.GetUtcNow().AddMinutes(50);
        Assert.True(await TurnAsync(Subjects(2)));
        Assert.Equal(["GET", "DELETE", "POST"], TakeMethods());
    }

    [Fact]
    public async Task Notice_ReauthorizationRequired_RenewsAtMostOnceAMinute()
    {
        await TurnAsync(Subjects(2));
        TakeMethods();
        _time.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 5; i++)
        {
            await NoticeAsync(LifecycleEvent.ReauthorizationRequired);
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(["PATCH"], TakeMethods());
    }

    [Fact]
    public async Task Notice_SubscriptionRemoved_CreatesAnew()
    {
        await TurnAsync(Subjects(2));
        TakeMethods();
        _account.Notice(new LifecycleNotice(Guid.Parse(_held.Keys.Single()), LifecycleEvent.SubscriptionRemoved));
        _held.Clear();
        Assert.True(await TurnAsync(Subjects(2)));
        Assert.Equal(["GET", "POST"], TakeMethods());
    }

    [Fact]
    public async Task Notice_Missed_Reads()
    {
        await TurnAsync(Subjects(2));
        TakeMethods();
        Assert.True(await NoticeAsync(LifecycleEvent.Missed));
        Assert.Empty(TakeMethods());
    }

    [Fact]
    public async Task Notice_OfAnotherSubscription_IsIgnored()
    {
        await TurnAsync(Subjects(2));
        TakeMethods();
        _account.Notice(new LifecycleNotice(Guid.NewGuid(), LifecycleEvent.SubscriptionRemoved));
        Assert.False(await TurnAsync(Subjects(2)));
        Assert.Empty(TakeMethods());
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

    private static HttpResponseMessage Created(Guid id, DateTimeOffset expiry) =>
        FakeGraph.Json(JsonSerializer.Serialize(new { id, expirationDateTime = expiry, resource = "/communications/presences?$filter=id in ('x')" }));

    private AccountSubscription CreateAccount() => new(_subscriptions, _registry, MinRecreateInterval, _time, NullLogger.Instance);

    private Task<bool> TurnAsync(IReadOnlyList<SubjectId> wanted) => _account.TurnOnceAsync(wanted, CancellationToken.None);

    private Task<bool> NoticeAsync(LifecycleEvent lifecycleEvent)
    {
        _account.Notice(new LifecycleNotice(Guid.Parse(_held.Keys.Single()), lifecycleEvent));
        return TurnAsync([.. _account.Covered]);
    }

    private string[] TakeMethods()
    {
        string[] methods = [.. _graph.Requests.Select(request => request.Method)];
        _graph.Requests.Clear();
        return methods;
    }

    /// <summary>One subscription per account, as Graph allows.</summary>
    private HttpResponseMessage Answer(HttpRequestMessage request, string body)
    {
        if (_faults.TryDequeue(out var fault))
        {
            return fault;
        }

        var id = request.RequestUri!.Segments[^1];
        switch (request.Method.Method)
        {
            case "GET":
                return FakeGraph.Json(JsonSerializer.Serialize(new
                {
                    value = _held.Select(held => new { id = held.Key, resource = "communications/presences?$filter=x", clientState = (string?)null }),
                }));
            case "DELETE":
                return _held.Remove(id) ? new HttpResponseMessage(HttpStatusCode.NoContent) : FakeGraph.Error(HttpStatusCode.NotFound);
            case "PATCH" when !_held.ContainsKey(id):
                return FakeGraph.Error(HttpStatusCode.NotFound);
            case "POST" when _held.Count > 0:
                return FakeGraph.Error(HttpStatusCode.Conflict);
        }

        var expiry = JsonDocument.Parse(body).RootElement.GetProperty("expirationDateTime").GetDateTimeOffset();
        id = request.Method.Method is "POST" ? Guid.NewGuid().ToString() : id;
        _held[id] = expiry;
        return Created(Guid.Parse(id), expiry);
    }
}
