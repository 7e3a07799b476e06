using System.Net;
using System.Text.Json;
using PresenceHub.Server.Ingest.Subscriptions;
using PresenceHub.Server.Tests.Ingest.Graph;
using static PresenceHub.Server.Tests.Ingest.Subscriptions.AccountSubscriptionHost;

namespace PresenceHub.Server.Tests.Ingest.Subscriptions;

/// <summary>Which subjects the subscription of an account covers, and when it is recreated for others.</summary>
[Trait("Category", "Functional")]
public sealed class AccountSubscriptionCoverageTests(RedisFixture redis) : IClassFixture<RedisFixture>, IDisposable
{
    private readonly AccountSubscriptionHost _host = new(redis);

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task MaintainOnceAsync_NoSubjectPlanned_SendsNoRequest()
    {
        Assert.False(await _host.MaintainAsync([]));
        Assert.Empty(_host.Graph.Graph.Requests);
    }

    [Fact]
    public async Task MaintainOnceAsync_FirstWatch_CreatesARichSubscriptionAndAsksForARefresh()
    {
        Assert.True(await _host.MaintainAsync(Subjects(2)));
        Assert.Equal(["GET", "POST"], _host.Graph.TakeMethods());
        Assert.Equal(Subjects(2), _host.Account.Covered);
    }

    [Fact]
    public async Task MaintainOnceAsync_FirstWatch_SendsWhatGraphRequires()
    {
        await _host.MaintainAsync(Subjects(2));
        var body = JsonDocument.Parse(_host.Graph.Graph.Requests.Last().Body).RootElement;
        Assert.Equal("updated", body.GetProperty("changeType").GetString());
        Assert.Equal(
            $"/communications/presences?$filter=id in ('{Subjects(2)[0]}','{Subjects(2)[1]}')",
            body.GetProperty("resource").GetString()
        );
        var url = new Uri(body.GetProperty("notificationUrl").GetString()!);
        var lifecycleUrl = new Uri(body.GetProperty("lifecycleNotificationUrl").GetString()!);
        Assert.StartsWith("https://hub.example/graph/notifications/", url.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("https://hub.example/graph/lifecycle/", lifecycleUrl.ToString(), StringComparison.Ordinal);
        Assert.All([url, lifecycleUrl], address => Assert.True(_host.Keys.IsSegment(address.Segments[^1])));
        Assert.True(body.GetProperty("includeResourceData").GetBoolean());
        Assert.Equal(
            (await _host.Certificates.CurrentAsync(default)).Id,
            body.GetProperty("encryptionCertificateId").GetString()
        );
        Assert.InRange(body.GetProperty("clientState").GetString()!.Length, 43, 128);
        Assert.InRange(
            body.GetProperty("expirationDateTime").GetDateTimeOffset() - _host.Time.GetUtcNow(),
            TimeSpan.FromMinutes(45),
            TimeSpan.FromMinutes(59)
        );
    }

    [Fact]
    public async Task MaintainOnceAsync_FirstWatch_StoresOnlyTheHashOfTheClientState()
    {
        await _host.MaintainAsync(Subjects(2));
        var clientState = JsonDocument
            .Parse(_host.Graph.Graph.Requests.Last().Body)
            .RootElement.GetProperty("clientState")
            .GetString();
        var record = await _host.Registry.TryGetAsync(_host.Graph.OnlyId, CancellationToken.None);
        Assert.True(ClientState.Matches(record!.ClientStateHash, clientState));
        Assert.True(_host.Keys.IsClientState(clientState!));
    }

    [Fact]
    public async Task RegisterAgain_StoreLostItsData_OtherNodesFindTheRecord()
    {
        await _host.MaintainAsync(Subjects(2));
        await _host.LoseRegistrationAsync();
        var node = _host.NewRegistry();
        Assert.Null(await node.TryGetAsync(_host.Graph.OnlyId, CancellationToken.None));

        _host.Account.RequestRegistration();
        await _host.MaintainAsync(Subjects(2));

        Assert.Equal(Subjects(2), (await node.TryGetAsync(_host.Graph.OnlyId, CancellationToken.None))!.Covered);
    }

    [Fact]
    public async Task MaintainOnceAsync_AFewMoreSubjects_WaitOneIntervalForOthers()
    {
        await _host.MaintainAsync(Subjects(2));
        _host.Graph.TakeMethods();
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(await _host.MaintainAsync(Subjects(3)));
        _host.Time.Advance(MinRecreateInterval / 2);
        Assert.False(await _host.MaintainAsync(Subjects(4)));
        Assert.Empty(_host.Graph.TakeMethods());
        _host.Time.Advance(MinRecreateInterval / 2);
        Assert.True(await _host.MaintainAsync(Subjects(4)));
        Assert.Equal(["DELETE", "POST"], _host.Graph.TakeMethods());
        Assert.Equal(4, _host.Account.Covered.Count);
    }

    [Fact]
    public async Task MaintainOnceAsync_ManyMoreSubjects_AreAddedAtOnceButNotAgainWithinTheInterval()
    {
        await _host.MaintainAsync(Subjects(2));
        _host.Time.Advance(MinRecreateInterval);
        _host.Graph.TakeMethods();
        Assert.True(await _host.MaintainAsync(Subjects(2 + _host.Settings.RecreateBatch)));
        Assert.Equal(["DELETE", "POST"], _host.Graph.TakeMethods());
        Assert.False(await _host.MaintainAsync(Subjects(2 + (2 * _host.Settings.RecreateBatch))));
        Assert.Empty(_host.Graph.TakeMethods());
        _host.Time.Advance(MinRecreateInterval);
        Assert.True(await _host.MaintainAsync(Subjects(2 + (2 * _host.Settings.RecreateBatch))));
    }

    [Fact]
    public async Task MaintainOnceAsync_GraphNamesBadIds_CoversTheOthers()
    {
        var people = Subjects(10);
        _host.Graph.Script.Enqueue(FakeSubscriptions.None());
        _host.Graph.Script.Enqueue(
            FakeGraph.Json(
                $"{{\"error\":{{\"code\":\"ExtensionError\",\"message\":\"Invalid users: {people[3]},{people[7]}; request {Guid.NewGuid()}\"}}}}",
                HttpStatusCode.InternalServerError
            )
        );
        Assert.True(await _host.MaintainAsync(people));
        Assert.Equal(["GET", "POST", "POST"], _host.Graph.TakeMethods());
        Assert.Equal(people.Except([people[3], people[7]]).ToHashSet(), _host.Account.Covered.ToHashSet());
        Assert.True(_host.Refused.Contains(people[3]));
        Assert.False(_host.Refused.Contains(people[0]));
        _host.Time.Advance(_host.Settings.RefusedFor);
        Assert.False(_host.Refused.Contains(people[3]));
    }

    [Fact]
    public async Task MaintainOnceAsync_FewerSubjects_KeepsTheSubscription()
    {
        await _host.MaintainAsync(Subjects(3));
        _host.Graph.TakeMethods();
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        await _host.MaintainAsync(Subjects(1));
        Assert.Empty(_host.Graph.TakeMethods());
    }
}
