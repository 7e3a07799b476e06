using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Polling;
using PresenceHub.Server.Tests.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Polling;

/// <summary>Pages that Graph refuses with 503 and a time to wait.</summary>
[Trait("Category", "Functional")]
public sealed class RefusedPageTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    private const int PageSize = PresenceReader.MaxPageSize;
    private static readonly SubjectId[] People = PollingHost.Subjects(PageSize);

    [Fact]
    public async Task ReadAsync_OneSubjectIsRefusedWithAWait_AllWaitOnceAndThenItAlone()
    {
        var wait = TimeSpan.FromSeconds(30);
        var culprit = People[100];
        var host = await new PollingHost(redis, ids =>
            ids.Contains(culprit.ToString()) ? FakeGraph.Unavailable(wait) : PollingHost.Presences(ids)
        ).WithWitnessAsync();
        host.Watched.SetHeld(People.Append(PollingHost.Witness).ToHashSet(), host.Watched.Now);
        Assert.Equal(1, await host.ReadDueAsync());
        Assert.Equal((1, wait), (host.Reads, host.Gate.ClosedFor));
        host.Time.Advance(wait - TimeSpan.FromSeconds(1));
        await host.ReadDueAsync();
        Assert.Equal(1, host.Reads);

        host.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(0, await host.ReadDueAsync());
        Assert.InRange(host.Reads, 2, PageBisectionTests.Few + 1);
        Assert.Equal(PageSize - 1, await host.CountStoredAsync(People));
        Assert.Equal((1, TimeSpan.Zero), (host.Schedule.Counts.Quarantined, host.Gate.ClosedFor));

        // Its own wait is respected, and does not hold up the others.
        host.Graph.Requests.Clear();
        host.Time.Advance(wait - TimeSpan.FromSeconds(1));
        await host.ReadDueAsync();
        Assert.DoesNotContain(host.Graph.Requests, request =>
            request.Body.Contains(culprit.ToString(), StringComparison.Ordinal)
        );
        for (var seconds = 0; seconds < 300; seconds++)
        {
            host.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(0, await host.ReadDueAsync());
            Assert.Equal(TimeSpan.Zero, host.Gate.ClosedFor);
        }

        var reads = host
            .Graph.Requests.Where(request => request.Body.Contains(culprit.ToString(), StringComparison.Ordinal))
            .ToArray();
        Assert.NotEmpty(reads);
        Assert.All(reads, request => Assert.DoesNotContain(",", request.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReadAsync_TheOnlyPageIsRefusedWithAWait_TheCulpritIsFound()
    {
        var culprit = People[7];
        var host = new PollingHost(redis, ids =>
            ids.Contains(culprit.ToString())
                ? FakeGraph.Unavailable(TimeSpan.FromSeconds(5))
                : PollingHost.Presences(ids)
        );
        host.Watched.SetHeld(People.ToHashSet(), host.Watched.Now);
        for (var seconds = 0; seconds < 60; seconds++)
        {
            await host.ReadDueAsync();
            host.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(PageSize - 1, await host.CountStoredAsync(People));
        Assert.Equal(1, host.Schedule.Counts.Quarantined);
    }

    [Fact]
    public async Task ReadAsync_EveryPageIsRefusedWithAWait_NothingIsSentBeforeItsEnd()
    {
        var wait = TimeSpan.FromSeconds(10);
        var refused = new List<TimeSpan>();
        var isOutage = false;
        PollingHost? host = null;
        host = new PollingHost(redis, ids =>
        {
            if (!isOutage)
            {
                return PollingHost.Presences(ids);
            }

            refused.Add(host!.Schedule.Now);
            return FakeGraph.Unavailable(wait);
        });
        var people = PollingHost.Subjects(4 * PageSize);
        host.Watched.SetHeld(people.ToHashSet(), host.Watched.Now);
        await host.ReadDueAsync();

        isOutage = true;
        for (var seconds = 0; seconds < 300; seconds++)
        {
            host.Time.Advance(TimeSpan.FromSeconds(1));
            await host.ReadDueAsync();
        }

        Assert.InRange(refused.Count, 10, 30);
        Assert.All(refused.Skip(1).Zip(refused, (at, before) => at - before), pause => Assert.True(pause >= wait));
        Assert.Equal(0, host.Schedule.Counts.Quarantined);

        isOutage = false;
        host.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(0, await host.ReadDueAsync());
    }
}
