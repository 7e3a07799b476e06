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

    /// <summary>Twice the halvings of a full page, the page itself, a probe and rounding.</summary>
    internal static readonly int Few = (2 * (int)Math.Ceiling(Math.Log2(PageSize))) + 2;

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
        host.Watched.SetHeld(People.ToHashSet(), host.Watched.Now);
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
        host.Watched.SetHeld(People.ToHashSet(), host.Watched.Now);
        Assert.Equal(0, await host.ReadDueAsync());
        Assert.Equal(PageSize - 3, await host.CountStoredAsync(People));
        Assert.Equal(3, host.Schedule.Counts.Quarantined);
    }

    [Fact]
    public async Task ReadAsync_SeveralCulprits_AreFoundFewByFewAndOthersDoNotWait()
    {
        var host = await CreateAsync(HttpStatusCode.BadRequest);
        _culprits.UnionWith(People.Where((_, i) => i % 82 is 0).Select(culprit => culprit.ToString()));
        host.Watched.SetHeld(People.ToHashSet(), host.Watched.Now);
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
        host.Watched.SetHeld(People.ToHashSet(), host.Watched.Now);
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
        host.Watched.SetHeld(PollingHost.Subjects(4 * PageSize).ToHashSet(), host.Watched.Now);
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
        host.Watched.SetHeld(People.ToHashSet(), host.Watched.Now);
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
        host.Watched.SetHeld(People.ToHashSet(), host.Watched.Now);
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

        var later = host
            .Graph.Requests.Where(request => request.Body.Contains(culprit.ToString(), StringComparison.Ordinal))
            .Skip(12)
            .ToArray();
        Assert.NotEmpty(later);
        Assert.All(later, request => Assert.DoesNotContain(",", request.Body, StringComparison.Ordinal));
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
    public async Task ReadAsync_UnknownAmongItemsWithoutId_TurnsNobodyUnknown()
    {
        // An item without a readable id may belong to any of the missing subjects.
        var host = await new PollingHost(redis, ids =>
            ids is [var one] && one == PollingHost.Witness.ToString()
                ? PollingHost.Presences(ids)
                : FakeGraph.Json(
                    $$"""{"value":[{{string.Join(',', ids.Where(id => id != People[5].ToString()).Select(Named).Prepend("7"))}}]}"""
                )
        ).WithWitnessAsync();
        host.Watched.SetHeld(People[..20].ToHashSet(), host.Watched.Now);
        await host.ReadDueAsync();
        Assert.Equal(19, await host.CountStoredAsync(People));
        Assert.Null(await host.StoredAsync(People[5]));
        Assert.Equal(0, host.Schedule.Counts.Unknown);

        static string Named(string id) => $$"""{"id":"{{id}}","availability":"Busy","activity":"Busy"}""";
    }

    private Task<PollingHost> CreateAsync(HttpStatusCode status) => new PollingHost(redis, ids => _general
                is { } general
                ? FakeGraph.Error(general)
            : !ids.Any(_culprits.Contains) ? PollingHost.Presences(ids)
            : status is HttpStatusCode.OK ? FakeGraph.Json("""{"value":{}}""")
            : FakeGraph.Error(status)).WithWitnessAsync();
}
