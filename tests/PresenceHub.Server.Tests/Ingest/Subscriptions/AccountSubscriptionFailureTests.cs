using System.Net;
using System.Text.Json;
using PresenceHub.Server.Ingest.Accounts;
using PresenceHub.Server.Tests.Ingest.Graph;
using static PresenceHub.Server.Tests.Ingest.Subscriptions.AccountSubscriptionHost;

namespace PresenceHub.Server.Tests.Ingest.Subscriptions;

/// <summary>The subscription of an account while Graph or the sign-in fails.</summary>
[Trait("Category", "Functional")]
public sealed class AccountSubscriptionFailureTests(RedisFixture redis) : IClassFixture<RedisFixture>, IDisposable
{
    private readonly AccountSubscriptionHost _host = new(redis);

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task MaintainOnceAsync_RenewalFails_IsRetriedAfterADelay()
    {
        await _host.MaintainAsync(Subjects(2));
        _host.Graph.TakeMethods();
        _host.Time.Advance(TimeSpan.FromMinutes(30));
        _host.Graph.Script.Enqueue(FakeGraph.Error(HttpStatusCode.InternalServerError));
        await _host.MaintainAsync(Subjects(2));
        await _host.MaintainAsync(Subjects(2));
        Assert.Equal(["PATCH"], _host.Graph.TakeMethods());
        Assert.Equal(2, _host.Account.Covered.Count);
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await _host.MaintainAsync(Subjects(2)));
        Assert.Equal(["PATCH"], _host.Graph.TakeMethods());
    }

    [Fact]
    public async Task MaintainOnceAsync_TokenRefusedOnce_RetriesWithAnother()
    {
        _host.Graph.Script.Enqueue(FakeGraph.Error(HttpStatusCode.Unauthorized));
        await _host.MaintainAsync(Subjects(2));
        Assert.True(_host.Account.State.CanHold);
        Assert.Equal("graph401", _host.Account.Health.LastError);
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await _host.MaintainAsync(Subjects(2)));
        Assert.Equal(2, _host.Graph.SignIns);
        Assert.Null(_host.Account.Health.LastError);
    }

    [Fact]
    public async Task MaintainOnceAsync_NewTokenIsRefusedToo_NeedsSignInAndIsRetriedSlowly()
    {
        await _host.MaintainAsync(Subjects(2));
        _host.Time.Advance(TimeSpan.FromMinutes(30));
        _host.Graph.TakeMethods();
        _host.Graph.Script.Enqueue(FakeGraph.Error(HttpStatusCode.Unauthorized));
        _host.Graph.Script.Enqueue(FakeGraph.Error(HttpStatusCode.Unauthorized));
        await _host.MaintainAsync(Subjects(2));
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        await _host.MaintainAsync(Subjects(2));
        Assert.False(_host.Account.State.CanHold);
        Assert.Equal(new SubscriptionHealth(0, null, "signInNeeded", true), _host.Account.Health);
        _host.Graph.TakeMethods();

        _host.Time.Advance(_host.Settings.SignInRetryPeriod * 0.75);
        await _host.MaintainAsync([]);
        Assert.Empty(_host.Graph.TakeMethods());
        _host.Time.Advance(_host.Settings.SignInRetryPeriod * 0.25);
        Assert.True(await _host.MaintainAsync([]));
        Assert.True(_host.Account.State.CanHold);
        Assert.Equal(["GET", "PATCH"], _host.Graph.TakeMethods());
        Assert.Equal(2, _host.Account.Covered.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.Conflict)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task MaintainOnceAsync_CreateRefused_ListsAndDeletesTheExistingSubscription(HttpStatusCode status)
    {
        _host.Graph.Held[Guid.NewGuid().ToString()] = _host.Time.GetUtcNow().AddMinutes(50);
        _host.Graph.Script.Enqueue(FakeSubscriptions.None());
        _host.Graph.Script.Enqueue(FakeGraph.Error(status));
        Assert.False(await _host.MaintainAsync(Subjects(2)));
        Assert.Empty(_host.Account.Covered);
        await _host.MaintainAsync(Subjects(2));
        Assert.Equal(["GET", "POST"], _host.Graph.TakeMethods());
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await _host.MaintainAsync(Subjects(2)));
        Assert.Equal(["GET", "DELETE", "POST"], _host.Graph.TakeMethods());
    }

    [Fact]
    public async Task MaintainOnceAsync_EachAttempt_SendsTheWholeSubscription()
    {
        _host.Graph.Script.Enqueue(FakeSubscriptions.None());
        _host.Graph.Script.Enqueue(FakeGraph.Error(HttpStatusCode.Conflict));
        await _host.MaintainAsync(Subjects(2));
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        await _host.MaintainAsync(Subjects(2));
        var posts = _host.Graph.Graph.Requests.Where(request => request.Method is "POST").ToArray();
        Assert.NotEmpty(posts);
        Assert.All(posts, request => Assert.Contains("changeType", request.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task MaintainOnceAsync_LifetimeIsTooLong_AsksForLess()
    {
        _host.Graph.Script.Enqueue(FakeSubscriptions.None());
        _host.Graph.Script.Enqueue(FakeGraph.Error(HttpStatusCode.BadRequest));
        await _host.MaintainAsync(Subjects(2));
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        await _host.MaintainAsync(Subjects(2));
        var expiry = JsonDocument
            .Parse(_host.Graph.Graph.Requests.Last().Body)
            .RootElement.GetProperty("expirationDateTime")
            .GetDateTimeOffset();
        Assert.Equal(TimeSpan.FromMinutes(40), expiry - _host.Time.GetUtcNow());
    }
}
