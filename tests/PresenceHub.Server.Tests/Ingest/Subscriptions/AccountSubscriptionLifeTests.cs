using System.Text.Json;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Subscriptions;
using static PresenceHub.Server.Tests.Ingest.Subscriptions.AccountSubscriptionHost;

namespace PresenceHub.Server.Tests.Ingest.Subscriptions;

/// <summary>The life of one subscription: created, renewed, adopted, found silent, deleted.</summary>
[Trait("Category", "Functional")]
public sealed class AccountSubscriptionLifeTests(RedisFixture redis) : IClassFixture<RedisFixture>, IDisposable
{
    private readonly AccountSubscriptionHost _host = new(redis);

    private DateTimeOffset Start { get; } = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task MaintainOnceAsync_HalfItsLife_Renews()
    {
        await _host.MaintainAsync(Subjects(2));
        _host.Graph.TakeMethods();
        _host.Time.Advance(TimeSpan.FromMinutes(26));
        Assert.False(await _host.MaintainAsync(Subjects(2)));
        Assert.Empty(_host.Graph.TakeMethods());
        _host.Time.Advance(TimeSpan.FromMinutes(4));
        Assert.True(await _host.MaintainAsync(Subjects(2)));
        Assert.Equal(["PATCH"], _host.Graph.TakeMethods());
        _host.Time.Advance(TimeSpan.FromMinutes(26));
        await _host.MaintainAsync(Subjects(2));
        Assert.Empty(_host.Graph.TakeMethods());
    }

    [Fact]
    public async Task MaintainOnceAsync_ReturnedExpiryIsEarlier_IsTrusted()
    {
        _host.Graph.Script.Enqueue(FakeSubscriptions.None());
        _host.Graph.Script.Enqueue(
            FakeSubscriptions.Subscription(Guid.NewGuid(), _host.Time.GetUtcNow().AddMinutes(10))
        );
        await _host.MaintainAsync(Subjects(1));
        _host.Graph.TakeMethods();
        _host.Time.Advance(TimeSpan.FromMinutes(5));
        await _host.MaintainAsync(Subjects(1));
        Assert.Equal("PATCH", _host.Graph.TakeMethods()[0]);
    }

    [Fact]
    public async Task MaintainOnceAsync_RenewalIsNotFound_CreatesAnother()
    {
        await _host.MaintainAsync(Subjects(2));
        _host.Graph.TakeMethods();
        _host.Graph.Held.Clear();
        _host.Time.Advance(TimeSpan.FromMinutes(30));
        Assert.True(await _host.MaintainAsync(Subjects(2)));
        Assert.Equal(["PATCH", "DELETE", "POST"], _host.Graph.TakeMethods());
        Assert.Single(_host.Graph.Held);
    }

    [Fact]
    public async Task MaintainOnceAsync_RenewalDoesNotMoveTheExpiry_CreatesAnother()
    {
        await _host.MaintainAsync(Subjects(2));
        _host.Graph.TakeMethods();
        _host.Time.Advance(TimeSpan.FromMinutes(30));
        _host.Graph.Script.Enqueue(
            FakeSubscriptions.Subscription(_host.Graph.OnlyId, _host.Graph.Held.Values.Single())
        );
        Assert.True(await _host.MaintainAsync(Subjects(2)));
        Assert.Equal(["PATCH", "DELETE", "POST"], _host.Graph.TakeMethods());
    }

    [Fact]
    public async Task MaintainOnceAsync_CertificateIsADayOld_RenewalUsesTheNext()
    {
        await _host.MaintainAsync(Subjects(2));
        var first = (await _host.Certificates.CurrentAsync(default)).Id;
        while (
            _host.Time.GetUtcNow() - (await _host.Certificates.TryFindAsync(first, default))!.MadeAt
            < EncryptionCertificates.RotationPeriod
        )
        {
            _host.Time.Advance(TimeSpan.FromMinutes(30));
            _host.Graph.TakeMethods();
            Assert.True(await _host.MaintainAsync(Subjects(2)));
        }

        Assert.Equal(["DELETE", "POST"], _host.Graph.TakeMethods());
        Assert.NotEqual(first, _host.Account.Held!.CertificateId);
        Assert.Equal((await _host.Certificates.CurrentAsync(default)).Id, _host.Account.Held!.CertificateId);
    }

    [Fact]
    public async Task MaintainOnceAsync_UrlIsOfYesterday_RenewalUsesTheNext()
    {
        await _host.MaintainAsync(Subjects(2));
        var first = UrlOfLastPost();
        do
        {
            _host.Time.Advance(TimeSpan.FromMinutes(30));
            _host.Graph.TakeMethods();
            Assert.True(await _host.MaintainAsync(Subjects(2)));
        } while (_host.Time.GetUtcNow().Day == Start.Day);

        Assert.Equal("DELETE", _host.Graph.Graph.Requests.First().Method);
        Assert.NotEqual(first, UrlOfLastPost());
        Assert.True(_host.Keys.IsSegment(first.Segments[^1]));
        Assert.Single(_host.Graph.Held);
    }

    [Fact]
    public async Task StartOnceAsync_SubscriptionHasNoSegment_IsReplacedByOneWithASegment()
    {
        await _host.MaintainAsync(Subjects(2));
        await _host.Registry.PutAsync(
            _host.Account.Held! with
            {
                NotificationUrl = "https://hub.example/graph/notifications",
            },
            CancellationToken.None
        );
        _host.BeginTerm();
        _host.Graph.TakeMethods();
        await _host.Account.StartOnceAsync(CancellationToken.None);
        Assert.Equal(["GET", "DELETE"], _host.Graph.TakeMethods());
        Assert.True(await _host.MaintainAsync(Subjects(2)));
        Assert.True(_host.Keys.IsSegment(UrlOfLastPost().Segments[^1]));
    }

    [Fact]
    public async Task MarkSilent_OwnSubscription_IsRecreated()
    {
        await _host.MaintainAsync(Subjects(2));
        _host.Graph.TakeMethods();
        _host.Time.Advance(MinRecreateInterval);
        _host.Account.MarkSilent(Guid.NewGuid());
        Assert.False(await _host.MaintainAsync(Subjects(2)));
        _host.Account.MarkSilent(_host.Graph.OnlyId);
        Assert.True(await _host.MaintainAsync(Subjects(2)));
        Assert.Equal(["DELETE", "POST"], _host.Graph.TakeMethods());
        Assert.False(await _host.MaintainAsync(Subjects(2)));
    }

    [Fact]
    public async Task StartOnceAsync_GraphHoldsOneAlready_AdoptsItBeforeSubjectsArePlanned()
    {
        await _host.MaintainAsync(Subjects(2));
        _host.BeginTerm();
        Assert.True(await _host.Account.StartOnceAsync(CancellationToken.None));
        Assert.True(_host.Account.IsStarted);
        Assert.Equal(2, _host.Account.Covered.Count);
    }

    [Fact]
    public async Task MaintainOnceAsync_NoSubjectIsPlannedAtRenewal_Deletes()
    {
        await _host.MaintainAsync(Subjects(2));
        _host.Graph.TakeMethods();
        _host.Time.Advance(TimeSpan.FromMinutes(30));
        await _host.MaintainAsync([]);
        Assert.Equal(["DELETE"], _host.Graph.TakeMethods());
        Assert.Empty(_host.Account.Covered);
    }

    [Fact]
    public async Task MaintainOnceAsync_NextTermOfTheSameProcess_AdoptsIt()
    {
        await _host.MaintainAsync(Subjects(2));
        _host.Graph.TakeMethods();
        _host.BeginTerm();
        Assert.True(await _host.MaintainAsync(Subjects(2)));
        Assert.Equal(["GET", "PATCH"], _host.Graph.TakeMethods());
        Assert.Equal(2, _host.Account.Covered.Count);
    }

    [Fact]
    public async Task MaintainOnceAsync_SubscriptionOfAnotherProcess_IsDeletedFirst()
    {
        _host.Graph.Held[Guid.NewGuid().ToString()] = _host.Time.GetUtcNow().AddMinutes(50);
        Assert.True(await _host.MaintainAsync(Subjects(2)));
        Assert.Equal(["GET", "DELETE", "POST"], _host.Graph.TakeMethods());
    }

    [Fact]
    public async Task Add_ReauthorizationRequired_RenewsAtMostOnceAMinute()
    {
        await _host.MaintainAsync(Subjects(2));
        _host.Graph.TakeMethods();
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 5; i++)
        {
            await _host.ReceiveAsync(LifecycleEvent.ReauthorizationRequired);
            _host.Time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(["PATCH"], _host.Graph.TakeMethods());
    }

    [Fact]
    public async Task Add_SubscriptionRemoved_CreatesAnother()
    {
        await _host.MaintainAsync(Subjects(2));
        _host.Graph.TakeMethods();
        _host.Time.Advance(MinRecreateInterval);
        _host.Account.Add(new LifecycleNotice(_host.Graph.OnlyId, LifecycleEvent.SubscriptionRemoved));
        _host.Graph.Held.Clear();
        Assert.True(await _host.MaintainAsync(Subjects(2)));
        Assert.Equal(["GET", "POST"], _host.Graph.TakeMethods());
    }

    [Fact]
    public async Task Add_NotificationsMissed_AsksForARefresh()
    {
        await _host.MaintainAsync(Subjects(2));
        _host.Graph.TakeMethods();
        Assert.True(await _host.ReceiveAsync(LifecycleEvent.Missed));
        Assert.Empty(_host.Graph.TakeMethods());
    }

    [Fact]
    public async Task Add_AnotherSubscription_IsIgnored()
    {
        await _host.MaintainAsync(Subjects(2));
        _host.Graph.TakeMethods();
        _host.Account.Add(new LifecycleNotice(Guid.NewGuid(), LifecycleEvent.SubscriptionRemoved));
        Assert.False(await _host.MaintainAsync(Subjects(2)));
        Assert.Empty(_host.Graph.TakeMethods());
    }

    private Uri UrlOfLastPost() =>
        new(
            JsonDocument
                .Parse(_host.Graph.Graph.Requests.Last(request => request.Method is "POST").Body)
                .RootElement.GetProperty("notificationUrl")
                .GetString()!
        );
}
