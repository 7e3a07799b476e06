using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Tests.WatchLists;

public sealed class ConnectionWatchListsTests
{
    private static readonly Guid Tenant = Guid.NewGuid();
    private static readonly Watcher Watcher = new(Tenant, "watcher");
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly RecordingObserver _observer = new();
    private readonly InterestIndex _index;
    private readonly ConnectionWatchLists _lists;

    public ConnectionWatchListsTests()
    {
        _index = new InterestIndex([_observer]);
        var options = Options.Create(
            new WatchListOptions
            {
                MaxSubjectsPerConnection = 3,
                MaxIdsPerCall = 5,
                MaxConnectionsPerWatcher = 2,
            }
        );
        _lists = new ConnectionWatchLists(
            new WatchPolicies([new SameTenantPolicy(new HubTenant(Tenant))]),
            _index,
            Quotas.Of(options.Value),
            options
        );
        _lists.TryOpen("c1", Watcher, outbox: null);
    }

    [Fact]
    public async Task AddAsync_MixedIds_SortsThemOutInOrder()
    {
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());

        var admission = await _lists.AddAsync(
            "c1",
            [$"{first}".ToUpperInvariant(), "nonsense", $"{second}", $"{first}", ""],
            None
        );

        Assert.Equal([new SubjectId(first), new SubjectId(second)], admission.Accepted);
        Assert.Equal([new("nonsense", "invalidId"), new RejectedSubject("", "invalidId")], admission.Rejected);
        Assert.Equal(admission.Accepted, _observer.Watched);
    }

    [Fact]
    public async Task AddAsync_Repeated_AnswersAgainAndAddsOnce()
    {
        var id = $"{Guid.NewGuid()}";
        await _lists.AddAsync("c1", [id], None);

        var admission = await _lists.AddAsync("c1", [id], None);

        Assert.Single(admission.Accepted);
        Assert.Empty(admission.Added);
        Assert.Single(_observer.Watched);
    }

    [Fact]
    public async Task AddAsync_OverTheConnectionsTotal_RejectsTheRestAsSent()
    {
        string[] ids = [.. Enumerable.Range(0, 4).Select(_ => $"{Guid.NewGuid()}".ToUpperInvariant())];

        var admission = await _lists.AddAsync("c1", ids, None);

        Assert.Equal(3, admission.Accepted.Count);
        Assert.Equal(new RejectedSubject(ids[3], "limitExceeded"), Assert.Single(admission.Rejected));
    }

    [Fact]
    public async Task AddAsync_OverTheConnectionsTotal_StillAnswersWhatIsWatchedAlready()
    {
        string[] ids = [.. Enumerable.Range(0, 3).Select(_ => $"{Guid.NewGuid()}")];
        await _lists.AddAsync("c1", ids, None);

        var admission = await _lists.AddAsync("c1", [ids[0], $"{Guid.NewGuid()}"], None);

        Assert.Equal(ids[0], Assert.Single(admission.Accepted).ToString());
        Assert.Single(admission.Rejected);
    }

    [Fact]
    public async Task AddAsync_WatcherOfAnotherTenant_SeesNobodyAndTouchesNothing()
    {
        _lists.TryOpen("stranger", new Watcher(Guid.NewGuid(), "watcher"), outbox: null);
        var id = $"{Guid.NewGuid()}";

        var admission = await _lists.AddAsync("stranger", [id], None);

        Assert.Empty(admission.Accepted);
        Assert.Equal(new RejectedSubject(id, "notVisible"), Assert.Single(admission.Rejected));
        Assert.Empty(_observer.Watched);
    }

    [Fact]
    public async Task AddAsync_Null_NamesTheField() =>
        Assert.Equal(("invalidRequest", "ids must be an array of strings"), await RejectionOfAsync(null));

    [Fact]
    public async Task AddAsync_NullElement_NamesTheElement() =>
        Assert.Equal(
            ("invalidRequest", "ids[1] must be a string"),
            await RejectionOfAsync([$"{Guid.NewGuid()}", null])
        );

    [Fact]
    public async Task AddAsync_MoreThanACallMayCarry_NamesTheLimit() =>
        Assert.Equal(
            ("limitExceeded", "ids holds 6 entries; one call may carry 5"),
            await RejectionOfAsync(["1", "2", "3", "4", "5", "6"])
        );

    [Fact]
    public async Task Remove_SomeIds_IgnoresTheUnknown()
    {
        var id = $"{Guid.NewGuid()}";
        await _lists.AddAsync("c1", [id], None);

        _lists.Remove("c1", ["nonsense", $"{Guid.NewGuid()}", id.ToUpperInvariant()]);

        Assert.Empty(_observer.Watched);
    }

    [Fact]
    public async Task Close_Connection_RemovesAllItWatchedOnce()
    {
        await _lists.AddAsync("c1", [$"{Guid.NewGuid()}", $"{Guid.NewGuid()}"], None);

        _lists.Close("c1");
        _lists.Close("c1");

        Assert.Empty(_observer.Watched);
        await Assert.ThrowsAsync<OperationCanceledException>(() => _lists.AddAsync("c1", [$"{Guid.NewGuid()}"], None));
    }

    [Fact]
    public void TryOpen_MoreConnectionsThanAWatcherMayHold_IsRefusedUntilOneCloses()
    {
        Assert.True(_lists.TryOpen("c2", Watcher, outbox: null));
        Assert.False(_lists.TryOpen("c3", Watcher, outbox: null));
        Assert.True(_lists.TryOpen("other", new Watcher(Tenant, "another watcher"), outbox: null));

        _lists.Close("c1");

        Assert.True(_lists.TryOpen("c3", Watcher, outbox: null));
    }

    [Fact]
    public void Add_ToAListThatIsClosed_TakesNothing()
    {
        var list = new WatchList("c", Watcher, 10, _index, outbox: null);
        list.Close();

        Assert.Empty(list.Add([new SubjectId(Guid.NewGuid())]).Added);
        Assert.Empty(_observer.Watched);
    }

    private async Task<(string Code, string Message)> RejectionOfAsync(string?[]? ids)
    {
        var exception = await Assert.ThrowsAsync<CallRejectedException>(() => _lists.AddAsync("c1", ids, None));
        Assert.Empty(_observer.Watched);
        return (exception.Code, exception.Message);
    }

    private sealed class RecordingObserver : IInterestObserver
    {
        public List<SubjectId> Watched { get; } = [];

        public void Added(IReadOnlyList<SubjectId> subjects) => Watched.AddRange(subjects);

        public void Announced(IReadOnlyList<SubjectId> subjects) =>
            Assert.All(subjects, subject => Assert.Contains(subject, Watched));

        public void Removed(IReadOnlyList<SubjectId> subjects) => Watched.RemoveAll(subjects.Contains);
    }
}
