using System.Net;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Polling;
using PresenceHub.Server.Tests.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Polling;

[Trait("Category", "Functional")]
public sealed class PageBisectionTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    private const int PageSize = PresenceReader.MaxPageSize;
    private static readonly SubjectId[] People = PollingHost.Subjects(PageSize);

    private static readonly SubjectId Witness = new(Guid.NewGuid());

    /// <summary>Twice the halvings of a full page, the page itself, a probe and rounding.</summary>
    private static readonly int Few = (2 * (int)Math.Ceiling(Math.Log2(PageSize))) + 2;

    private readonly HashSet<string> _culprits = [];
    private HttpStatusCode? _general;

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, 0)]
    [InlineData(HttpStatusCode.Forbidden, 649)]
    [InlineData(HttpStatusCode.NotFound, 324)]
    [InlineData(HttpStatusCode.ServiceUnavailable, 411)]
    [InlineData(HttpStatusCode.OK, 17)]
    public async Task ReadAsync_OneSubjectFailsThePage_AllOthersAreLiveAfterFewReads(HttpStatusCode status, int culprit)
    {
        var host = await CreateAsync(status);
        _culprits.Add(People[culprit].ToString());
        host.Schedule.SetInterest(People.ToHashSet(), host.Schedule.Now);
        Assert.Equal(0, await host.ReadDueAsync());

        Assert.InRange(host.Reads, 2, Few);
        Assert.Equal(PageSize - 1, await host.CountStoredAsync(People));
        Assert.Null(await host.StoredAsync(People[culprit]));
        Assert.Equal(1, host.Schedule.Counts.Quarantined);
    }

    [Fact]
    public async Task ReadAsync_CulpritsInBothHalves_AreAllFound()
    {
        var host = await CreateAsync(HttpStatusCode.BadRequest);
        SubjectId[] culprits = [People[3], People[333], People[649]];
        _culprits.UnionWith(culprits.Select(culprit => culprit.ToString()));
        host.Schedule.SetInterest(People.ToHashSet(), host.Schedule.Now);
        Assert.Equal(0, await host.ReadDueAsync());
        Assert.Equal(PageSize - 3, await host.CountStoredAsync(People));
        Assert.Equal(3, host.Schedule.Counts.Quarantined);
    }

    [Fact]
    public async Task ReadAsync_SeveralCulprits_AreFoundFewByFewAndOthersDoNotWait()
    {
        var host = await CreateAsync(HttpStatusCode.BadRequest);
        _culprits.UnionWith(People.Where((_, i) => i % 82 is 0).Select(culprit => culprit.ToString()));
        host.Schedule.SetInterest(People.ToHashSet(), host.Schedule.Now);
        Assert.Equal(1, await host.ReadDueAsync());
        Assert.InRange(host.Schedule.Counts.Quarantined, 3, _culprits.Count);
        for (var seconds = 0; seconds < 10; seconds++)
        {
            host.Time.Advance(TimeSpan.FromSeconds(1));
            await host.ReadDueAsync();
        }

        Assert.Equal(8, host.Schedule.Counts.Quarantined);
        Assert.Equal(PageSize - 8, await host.CountStoredAsync(People));
    }

    [Fact]
    public async Task ReadAsync_MoreCulpritsThanOneTryFinds_EndsAndFindsThemLater()
    {
        var host = await CreateAsync(HttpStatusCode.BadRequest);
        _culprits.UnionWith(People.Where((_, i) => i % 13 is 0).Select(culprit => culprit.ToString()));
        host.Schedule.SetInterest(People.ToHashSet(), host.Schedule.Now);
        Assert.Equal(1, await host.ReadDueAsync());
        Assert.InRange(host.Reads, PageBisection.MaxReads / 2, 2 * PageBisection.MaxReads);
        for (var seconds = 0; seconds < 180; seconds++)
        {
            host.Time.Advance(TimeSpan.FromSeconds(1));
            await host.ReadDueAsync();
        }

        Assert.Equal(PageSize - _culprits.Count, await host.CountStoredAsync(People));
        Assert.Equal(_culprits.Count, host.Schedule.Counts.Quarantined);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.Unauthorized)]
    public async Task ReadAsync_EveryPageFails_HalvesAndQuarantinesNobody(HttpStatusCode status)
    {
        var host = await CreateAsync(status);
        host.Schedule.SetInterest(PollingHost.Subjects(4 * PageSize).ToHashSet(), host.Schedule.Now);
        await host.ReadDueAsync();
        Assert.Equal(4 * PageSize, await host.CountStoredAsync(PollingHost.Subjects(4 * PageSize)));

        var before = host.Reads;
        _general = status;
        host.Time.Advance(PollingHost.Period);
        Assert.Equal(4, await host.ReadDueAsync());

        // One read a page, and at most one probe.
        Assert.InRange(host.Reads - before, 4, 5);
        Assert.Equal(0, host.Schedule.Counts.Quarantined);

        _general = null;
        host.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, await host.ReadDueAsync());
    }

    [Fact]
    public async Task ReadAsync_OutageBeginsWhileACulpritIsLookedFor_QuarantinesNobody()
    {
        var reads = 0;
        var host = new PollingHost(redis, ids =>
            reads++ is 1 or 2 ? PollingHost.Presences(ids) : FakeGraph.Error(HttpStatusCode.InternalServerError)
        );
        host.Schedule.SetInterest(People.ToHashSet(), host.Schedule.Now);
        Assert.Equal(1, await host.ReadDueAsync());
        Assert.Equal(7, host.Reads);
        Assert.Equal(0, host.Schedule.Counts.Quarantined);
    }

    [Fact]
    public async Task ReadAsync_QuarantinedSubject_IsReadAloneAgainWithGrowingDelayUntilGraphAnswers()
    {
        var host = await CreateAsync(HttpStatusCode.BadRequest);
        var culprit = People[100];
        _culprits.Add(culprit.ToString());
        host.Schedule.SetInterest(People.ToHashSet(), host.Schedule.Now);
        await host.ReadDueAsync();

        var tried = new List<int>();
        for (var second = 1; second <= 1300; second++)
        {
            host.Time.Advance(TimeSpan.FromSeconds(1));
            var before = host.Reads;
            await host.ReadDueAsync();
            if (
                host
                    .Graph.Requests.Skip(before)
                    .Any(request => request.Body.Contains(culprit.ToString(), StringComparison.Ordinal))
            )
            {
                tried.Add(second);
            }
        }

        Assert.All(
            host.Graph.Requests.Where(request => request.Body.Contains(culprit.ToString(), StringComparison.Ordinal))
                .Skip(12),
            request => Assert.DoesNotContain(",", request.Body, StringComparison.Ordinal)
        );
        Assert.Equal(
            [2, 4, 8, 16, 32, 64, 128, 256, 300, 300],
            tried.Zip(tried.Prepend(0), (at, before) => at - before)
        );

        _culprits.Clear();
        host.Time.Advance(Quarantine.LongestDelay);
        await host.ReadDueAsync();
        Assert.Equal("Busy", (await host.StoredAsync(culprit))!.Availability);
        Assert.Equal(0, host.Schedule.Counts.Quarantined);
    }

    [Fact]
    public async Task ReadAsync_OneSubjectIsRefusedWithAWait_AllWaitOnceAndThenItAlone()
    {
        var wait = TimeSpan.FromSeconds(30);
        var culprit = People[100];
        var host = await WithWitnessAsync(
            new PollingHost(redis, ids =>
                ids.Contains(culprit.ToString()) ? FakeGraph.Unavailable(wait) : PollingHost.Presences(ids)
            )
        );
        host.Schedule.SetInterest(People.Append(Witness).ToHashSet(), host.Schedule.Now);
        Assert.Equal(1, await host.ReadDueAsync());
        Assert.Equal((1, wait), (host.Reads, host.Gate.ClosedFor));
        host.Time.Advance(wait - TimeSpan.FromSeconds(1));
        await host.ReadDueAsync();
        Assert.Equal(1, host.Reads);

        host.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(0, await host.ReadDueAsync());
        Assert.InRange(host.Reads, 2, Few + 1);
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

        Assert.All(
            host.Graph.Requests.Where(request => request.Body.Contains(culprit.ToString(), StringComparison.Ordinal)),
            request => Assert.DoesNotContain(",", request.Body, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task BeginTerm_PageWasRefusedInAnEarlierTerm_AllWaitOnceMore()
    {
        var wait = TimeSpan.FromSeconds(30);
        var culprit = People[100];
        var host = await WithWitnessAsync(
            new PollingHost(redis, ids =>
                ids.Contains(culprit.ToString()) ? FakeGraph.Unavailable(wait) : PollingHost.Presences(ids)
            )
        );
        host.Schedule.SetInterest(People.Append(Witness).ToHashSet(), host.Schedule.Now);
        Assert.Equal(1, await host.ReadDueAsync());
        host.Time.Advance(wait + TimeSpan.FromSeconds(2));

        host.Pages.BeginTerm();

        Assert.Equal(1, await host.ReadDueAsync());
        Assert.Equal((2, wait), (host.Reads, host.Gate.ClosedFor));
        Assert.Equal(0, host.Schedule.Counts.Quarantined);
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
        host.Schedule.SetInterest(People.ToHashSet(), host.Schedule.Now);
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
        host.Schedule.SetInterest(people.ToHashSet(), host.Schedule.Now);
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

    [Fact]
    public async Task ReadAsync_UnknownAmongItemsWithoutId_TurnsNobodyUnknown()
    {
        // An item without a readable id may belong to any of the missing subjects.
        var host = await WithWitnessAsync(
            new PollingHost(redis, ids =>
                ids is [var one] && one == Witness.ToString()
                    ? PollingHost.Presences(ids)
                    : FakeGraph.Json(
                        $$"""{"value":[{{string.Join(',', ids.Where(id => id != People[5].ToString()).Select(Named).Prepend("7"))}}]}"""
                    )
            )
        );
        host.Schedule.SetInterest(People[..20].ToHashSet(), host.Schedule.Now);
        await host.ReadDueAsync();
        Assert.Equal(19, await host.CountStoredAsync(People));
        Assert.Null(await host.StoredAsync(People[5]));
        Assert.Equal(0, host.Schedule.Counts.Unknown);

        static string Named(string id) => $$"""{"id":"{{id}}","availability":"Busy","activity":"Busy"}""";
    }

    private Task<PollingHost> CreateAsync(HttpStatusCode status) =>
        WithWitnessAsync(new PollingHost(redis, ids => _general is { } general ? FakeGraph.Error(general)
                : !ids.Any(_culprits.Contains) ? PollingHost.Presences(ids)
                : status is HttpStatusCode.OK ? FakeGraph.Json("""{"value":{}}""")
                : FakeGraph.Error(status)));

    /// <summary>
    /// Graph has answered for a person before. Without one, any of the page is probed, and that may be a culprit: then
    /// the page is read again later.
    /// </summary>
    private static async Task<PollingHost> WithWitnessAsync(PollingHost host)
    {
        host.Schedule.SetInterest(new HashSet<SubjectId> { Witness }, host.Schedule.Now);
        Assert.Equal(0, await host.ReadDueAsync());
        host.Graph.Requests.Clear();
        host.Time.Advance(HintPace.Longest);
        return host;
    }
}
