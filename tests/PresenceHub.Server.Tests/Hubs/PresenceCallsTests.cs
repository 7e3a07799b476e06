using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Hubs;
using PresenceHub.Server.Store;
using PresenceHub.Server.Tests.Store;
using PresenceHub.Server.Tests.WatchLists;
using PresenceHub.Server.WatchLists;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.Hubs;

public sealed class PresenceCallsTests : IDisposable
{
    private const string Connection = "connection";
    private const int ColdIdsPerMinute = 2;

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly ReadBench _bench = new();
    private readonly SwitchedPolicy _policy = new();
    private readonly AnnouncedInterest _interest = new();
    private readonly WatchPolicies _policies;
    private readonly InterestIndex _index;
    private readonly ConnectionWatchLists _lists;
    private readonly WatcherUsage _usage;
    private readonly PresenceCalls _calls;

    public PresenceCallsTests()
    {
        var options = Options.Create(new WatchListOptions());
        _policies = new WatchPolicies([_policy]);
        _index = new InterestIndex([new MirrorInterest(_bench.Mirror), _interest]);
        var quotas = Quotas.Of(options.Value, new QuotaOptions { ColdIdsPerMinute = ColdIdsPerMinute }, _bench.Time);
        _lists = new ConnectionWatchLists(_policies, _index, quotas, options);
        Assert.True(_lists.TryOpen(Connection, new Watcher(Guid.NewGuid(), "watcher"), outbox: null));
        _usage = _lists.UsageOf(Connection);
        var coldIds = new ColdIdQuota(_index, _bench.Mirror, new UnknownSubjects(_bench.Time));
        var reads = new PresenceReads(
            _bench.Mirror,
            coldIds,
            refreshes: null!,
            _bench.Time,
            NullLogger<PresenceReads>.Instance
        );
        _calls = new PresenceCalls(_lists, _bench.Mirror, reads, coldIds);
    }

    public void Dispose()
    {
        _policies.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task WatchAsync_StoreDoesNotAnswer_LeavesNeitherInterestNorCharge()
    {
        await _bench.FollowAsync();
        _bench.Hold();
        var call = WatchAsync(MadeUpIds());

        Assert.Empty(_interest.Announced);
        _bench.Answer(new TimeoutException());

        await Assert.ThrowsAsync<StoreUnavailableException>(() => call);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WatchAsync_ClientDisconnectsDuringTheRead_LeavesNeitherInterestNorCharge()
    {
        using var aborted = new CancellationTokenSource();
        await _bench.FollowAsync();
        _bench.Hold();
        var call = WatchAsync(MadeUpIds(), aborted.Token);

        await aborted.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WatchAsync_MadeUpIds_AreChargedAndThenAnnounced()
    {
        await _bench.FollowAsync();

        var answer = await WatchAsync(MadeUpIds());

        Assert.Equal(answer.Accepted, _interest.Announced);
        Assert.Equal(ColdIdsPerMinute, _usage.ColdIds.Taken);
    }

    [Fact]
    public async Task WatchAsync_QuotaOfColdIdsIsUsed_AnnouncesNothing()
    {
        await _bench.FollowAsync();
        await WatchAsync(MadeUpIds());
        _interest.Announced.Clear();

        await Assert.ThrowsAsync<QuotaExceededException>(() => WatchAsync(MadeUpIds()));

        Assert.Empty(_interest.Announced);
        Assert.Equal(ColdIdsPerMinute, _index.Count);
        Assert.Equal(ColdIdsPerMinute, _usage.ColdIds.Taken);
    }

    [Fact]
    public async Task WatchAsync_SubjectIsDeniedDuringTheRead_IsRejectedAndNotAnnounced()
    {
        var call = await BeginAsync(() => WatchAsync([$"{Ada}", $"{Ben}"]));

        Deny(Ada);
        _bench.Answer();

        var answer = await call;
        Assert.Equal([Ben], answer.Entries.Select(entry => entry.Subject));
        Assert.Equal([new RejectedSubject($"{Ada}", RejectionReason.NotVisible)], answer.Rejected);
        Assert.Equal([Ben], _interest.Announced);
    }

    [Fact]
    public async Task GetAsync_SubjectIsDeniedDuringTheRead_IsRejected()
    {
        var call = await BeginAsync(() => _calls.GetAsync(_usage, [$"{Ada}", $"{Ben}"], None));

        Deny(Ada);
        _bench.Answer();

        var answer = await call;
        Assert.Equal([$"{Ben}"], answer.Entries.Select(entry => entry.Id));
        Assert.Equal([new RejectedSubject($"{Ada}", RejectionReason.NotVisible)], answer.Rejected);
    }

    /// <summary>The answer is that of a call before the change. The next call gets the subject.</summary>
    [Fact]
    public async Task GetAsync_SubjectIsAllowedDuringTheRead_IsAnsweredByTheNextCall()
    {
        Deny(Ada);
        var call = await BeginAsync(() => _calls.GetAsync(_usage, [$"{Ada}", $"{Ben}"], None));

        Allow(Ada);
        _bench.Answer();

        var answer = await call;
        Assert.Equal([$"{Ben}"], answer.Entries.Select(entry => entry.Id));
        Assert.Equal([new RejectedSubject($"{Ada}", RejectionReason.NotVisible)], answer.Rejected);

        var next = _calls.GetAsync(_usage, [$"{Ada}"], None);
        _bench.Answer();
        Assert.Equal([$"{Ada}"], (await next).Entries.Select(entry => entry.Id));
    }

    [Fact]
    public async Task WatchAsync_SubjectIsAllowedDuringTheRead_IsAnsweredByTheNextCall()
    {
        Deny(Ada);
        var call = await BeginAsync(() => WatchAsync([$"{Ada}", $"{Ben}"]));

        Allow(Ada);
        _bench.Answer();

        Assert.Equal([Ben], (await call).Accepted);
        Assert.Equal([Ben], _interest.Announced);

        var next = WatchAsync([$"{Ada}"]);
        _bench.Answer();
        Assert.Equal([Ada], (await next).Accepted);
    }

    [Fact]
    public async Task GetAsync_PolicyChangesAgainDuringTheReview_IsReviewedAgain()
    {
        var call = await BeginAsync(() => _calls.GetAsync(_usage, [$"{Ada}", $"{Ben}"], None));

        _policy.AfterAnswer = () => Deny(Ada);
        _policy.Announce();
        _bench.Answer();

        Assert.Equal([$"{Ben}"], (await call).Entries.Select(entry => entry.Id));
    }

    private static string[] MadeUpIds() => [$"{Guid.NewGuid()}", $"{Guid.NewGuid()}"];

    /// <summary>Starts a call whose read waits for an answer of the store.</summary>
    private async Task<Task<T>> BeginAsync<T>(Func<Task<T>> call)
    {
        await _bench.WriteAsync(Ada, "Busy");
        await _bench.WriteAsync(Ben, "Away");
        await _bench.FollowAsync();
        _bench.Hold();
        var calling = call();
        Assert.True(_bench.IsWaiting);
        return calling;
    }

    private Task<CallAnswer> WatchAsync(string[] ids, CancellationToken cancellationToken = default) =>
        _calls.WatchAsync(Connection, new WatchRequest(ids), hasCursor: false, cancellationToken);

    private void Deny(SubjectId subject)
    {
        _policy.Denied.Add(subject);
        _policy.Announce();
    }

    private void Allow(SubjectId subject)
    {
        _policy.Denied.Remove(subject);
        _policy.Announce();
    }

    private void AssertNothingIsLeft()
    {
        Assert.Empty(_interest.Announced);
        Assert.Equal(0, _index.Count);
        Assert.Equal(0, _usage.ColdIds.Taken);
    }

    private sealed class AnnouncedInterest : IInterestObserver
    {
        public List<SubjectId> Announced { get; } = [];

        public void Added(IReadOnlyList<SubjectId> subjects) { }

        void IInterestObserver.Announced(IReadOnlyList<SubjectId> subjects) => Announced.AddRange(subjects);

        public void Removed(IReadOnlyList<SubjectId> subjects) { }
    }
}
