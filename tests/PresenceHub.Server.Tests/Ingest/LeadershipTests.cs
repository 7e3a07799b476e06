using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.WatchLists;
using StackExchange.Redis;

namespace PresenceHub.Server.Tests.Ingest;

[Trait("Category", "Functional")]
public sealed class LeadershipTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    private readonly FakeTimeProvider _time = new();
    private readonly IngestKeys _keys = RedisFixture.CreateKeys();

    [Fact]
    public async Task CampaignOnceAsync_TwoNodes_OneLeads()
    {
        using var one = Create();
        using var two = Create();
        await one.CampaignOnceAsync(CancellationToken.None);
        await two.CampaignOnceAsync(CancellationToken.None);
        Assert.True(one.IsLeader);
        Assert.False(two.IsLeader);
    }

    [Fact]
    public async Task CampaignOnceAsync_Renewed_LeadsOn()
    {
        using var one = Create();
        await one.CampaignOnceAsync(CancellationToken.None);
        var term = await one.WaitForTermAsync(CancellationToken.None);
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await one.CampaignOnceAsync(CancellationToken.None);
        }

        Assert.False(term.IsCancellationRequested);
        Assert.InRange(
            (await fixture.Redis.GetDatabase().KeyTimeToLiveAsync(_keys.Leader))!.Value,
            TimeSpan.FromSeconds(10),
            Leadership.LeaseLifetime
        );
    }

    [Fact]
    public async Task IsLeader_NotRenewed_EndsBeforeTheLeaseDoes()
    {
        using var one = Create();
        await one.CampaignOnceAsync(CancellationToken.None);
        var term = await one.WaitForTermAsync(CancellationToken.None);
        _time.Advance(Leadership.LeaseLifetime - TimeSpan.FromSeconds(1));
        Assert.True(term.IsCancellationRequested);
        Assert.False(one.IsLeader);
        Assert.False(one.WaitForTermAsync(CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task WaitForTermAsync_CalledByTheEndOfATerm_WaitsForTheNext()
    {
        using var one = Create();
        await one.CampaignOnceAsync(CancellationToken.None);
        var term = await one.WaitForTermAsync(CancellationToken.None);
        Task<CancellationToken>? next = null;
        using var registration = term.Register(() => next = one.WaitForTermAsync(CancellationToken.None));
        _time.Advance(Leadership.LeaseLifetime);
        Assert.False(next!.IsCompleted);
        await one.CampaignOnceAsync(CancellationToken.None);
        Assert.False((await next).IsCancellationRequested);
    }

    [Fact]
    public async Task CampaignOnceAsync_LeaseLostToAnother_EndsTheTerm()
    {
        using var one = Create();
        using var two = Create();
        await one.CampaignOnceAsync(CancellationToken.None);
        await fixture.Redis.GetDatabase().KeyDeleteAsync(_keys.Leader);
        await two.CampaignOnceAsync(CancellationToken.None);
        await one.CampaignOnceAsync(CancellationToken.None);
        Assert.False(one.IsLeader);
        Assert.True(two.IsLeader);
    }

    [Fact]
    public async Task CampaignOnceAsync_RedisLostTheLease_TakesItAgain()
    {
        using var one = Create();
        await one.CampaignOnceAsync(CancellationToken.None);
        var term = await one.WaitForTermAsync(CancellationToken.None);
        await fixture.Redis.GetDatabase().KeyDeleteAsync(_keys.Leader);
        await one.CampaignOnceAsync(CancellationToken.None);
        Assert.False(term.IsCancellationRequested);
    }

    [Fact]
    public async Task CampaignOnceAsync_OwnLeaseFromAnEarlierTerm_IsTakenUp()
    {
        using var one = Create();
        await one.CampaignOnceAsync(CancellationToken.None);
        _time.Advance(Leadership.LeaseLifetime);
        Assert.False(one.IsLeader);
        await one.CampaignOnceAsync(CancellationToken.None);
        Assert.True(one.IsLeader);
    }

    [Fact]
    public async Task LeadAsync_WorkFailsWhileTheTermEnds_GoesOnInTheNext()
    {
        using var one = Create();
        await one.CampaignOnceAsync(CancellationToken.None);
        using var stopping = new CancellationTokenSource();
        var terms = Channel.CreateUnbounded<CancellationToken>();
        var leading = one.LeadAsync(
            async term =>
            {
                terms.Writer.TryWrite(term);
                var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                using var registration = term.Register(ended.SetResult);
                await ended.Task;
                throw new RedisException("away");
            },
            stopping.Token
        );
        var first = await terms.Reader.ReadAsync();
        _time.Advance(Leadership.LeaseLifetime);
        await one.CampaignOnceAsync(CancellationToken.None);

        await Task.WhenAny(leading, terms.Reader.WaitToReadAsync().AsTask());

        Assert.True(first.IsCancellationRequested);
        Assert.False(leading.IsCompleted, $"{leading.Exception}");
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => leading);
    }

    [Fact]
    public async Task LeadAsync_WorkFailsInItsTerm_Fails()
    {
        using var one = Create();
        await one.CampaignOnceAsync(CancellationToken.None);
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            one.LeadAsync(_ => throw new InvalidDataException(), CancellationToken.None)
        );
    }

    [Fact]
    public async Task StopAsync_Leader_LeavesItToTheNextAtOnce()
    {
        using var one = Create();
        using var two = Create();
        await one.CampaignOnceAsync(CancellationToken.None);
        await one.StopAsync(CancellationToken.None);
        await two.CampaignOnceAsync(CancellationToken.None);
        Assert.True(two.IsLeader);
        Assert.False(one.IsLeader);
    }

    [Fact]
    public async Task StopAsync_NotLeader_LeavesTheLeaseAlone()
    {
        using var one = Create();
        using var two = Create();
        await one.CampaignOnceAsync(CancellationToken.None);
        await two.CampaignOnceAsync(CancellationToken.None);
        await two.StopAsync(CancellationToken.None);
        await two.CampaignOnceAsync(CancellationToken.None);
        Assert.False(two.IsLeader);
    }

    private Leadership Create() =>
        new(fixture.Redis, _keys, new NodeId(), TestMetrics.Create(), _time, NullLogger<Leadership>.Instance);
}
