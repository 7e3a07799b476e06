using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.WatchLists;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.WatchLists;

public sealed class PolicyReviewTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _time = new();
    private readonly SwitchedPolicy _policy = new();
    private readonly RecordingObserver _observer = new();
    private readonly WatchPolicies _policies;
    private readonly ConnectionWatchLists _lists;
    private readonly PolicyReview _review;

    public PolicyReviewTests()
    {
        _policies = new WatchPolicies([_policy]);
        _lists = new ConnectionWatchLists(_policies, [_observer], Options.Create(new WatchListOptions()));
        _review = new PolicyReview(_lists, _policies, Options.Create(new WatchPolicyOptions()), _time, NullLogger<PolicyReview>.Instance);
        _lists.TryOpen("c1", new Watcher(Guid.Empty, "one"));
        _lists.TryOpen("c2", new Watcher(Guid.Empty, "two"));
    }

    public void Dispose()
    {
        _review.Dispose();
        _policies.Dispose();
    }

    [Fact]
    public async Task ReviewOnceAsync_SubjectDenied_IsRevokedFromEveryListAndOthersStay()
    {
        await _lists.AddAsync("c1", [$"{Ada}", $"{Ben}"], None);
        await _lists.AddAsync("c2", [$"{Ada}"], None);
        _policy.Denied.Add(Ada);

        await _review.ReviewOnceAsync(None);
        await _review.ReviewOnceAsync(None);

        Assert.Equal([("c1", Ada), ("c2", Ada)], _observer.Revoked.OrderBy(revoked => revoked.Connection));
        Assert.Equal([("c1", Ben)], _observer.Watched);
    }

    [Fact]
    public async Task AddAsync_DeniedWhileItIsAdmitted_IsNotWatchedAndCountsAsRejected()
    {
        _policy.AfterAnswer = () =>
        {
            _policy.Denied.Add(Ada);
            _policy.Announce();
        };

        var admission = await _lists.AddAsync("c1", [$"{Ada}", $"{Ben}"], None);

        Assert.Equal([Ben], admission.Accepted);
        Assert.Equal([new RejectedSubject($"{Ada}", RejectionReason.NotVisible)], admission.Rejected);
        Assert.Equal([("c1", Ben)], _observer.Watched);
    }

    [Fact]
    public async Task AddAsync_AskedAgainAfterADenialThatNobodyAnnounced_IsRevoked()
    {
        await _lists.AddAsync("c1", [$"{Ada}"], None);
        _policy.Denied.Add(Ada);

        var admission = await _lists.AddAsync("c1", [$"{Ada}"], None);

        Assert.Equal(RejectionReason.NotVisible, Assert.Single(admission.Rejected).Reason);
        Assert.Equal([("c1", Ada)], _observer.Revoked);
        Assert.Empty(_observer.Watched);
    }

    [Fact]
    public async Task WithoutRevoked_RevokedSinceItWasAdmitted_CountsAsRejectedAsSent()
    {
        var sent = $"{Ada}".ToUpperInvariant();
        var admission = await _lists.AddAsync("c1", [sent, $"{Ben}"], None);
        _policy.Denied.Add(Ada);
        _policy.Announce();
        await _review.ReviewOnceAsync(None);

        Assert.False(_lists.IsCurrent(admission));
        var now = _lists.WithoutRevoked("c1", admission, [sent, $"{Ben}"]);

        Assert.Equal([Ben], now.Accepted);
        Assert.Equal([new RejectedSubject(sent, RejectionReason.NotVisible)], now.Rejected);
    }

    [Fact]
    public async Task Review_PolicyAnnouncesAChange_ComesAtOnce()
    {
        await _lists.AddAsync("c1", [$"{Ada}"], None);
        await _review.StartAsync(None);
        _policy.Denied.Add(Ada);

        _policy.Announce();

        await _observer.FirstRevoked.Task.WaitAsync(Timeout);
        await _review.StopAsync(None);
    }

    [Fact]
    public async Task Review_PolicyAnnouncesNothing_ComesWithinTheMinute()
    {
        await _lists.AddAsync("c1", [$"{Ada}"], None);
        await _review.StartAsync(None);
        _policy.Denied.Add(Ada);

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(_observer.Revoked);
        _time.Advance(TimeSpan.FromSeconds(1));

        await _observer.FirstRevoked.Task.WaitAsync(Timeout);
        await _review.StopAsync(None);
    }

    private sealed class RecordingObserver : IWatchListObserver
    {
        public List<(string Connection, SubjectId Subject)> Watched { get; } = [];

        public List<(string Connection, SubjectId Subject)> Revoked { get; } = [];

        public TaskCompletionSource FirstRevoked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Added(WatchList list, IReadOnlyList<SubjectId> subjects) => Watched.AddRange(subjects.Select(subject => (list.ConnectionId, subject)));

        public void Removed(WatchList list, IReadOnlyList<SubjectId> subjects) =>
            Watched.RemoveAll(watched => watched.Connection == list.ConnectionId && subjects.Contains(watched.Subject));

        void IWatchListObserver.Revoked(WatchList list, IReadOnlyList<SubjectId> subjects)
        {
            Revoked.AddRange(subjects.Select(subject => (list.ConnectionId, subject)));
            FirstRevoked.TrySetResult();
        }
    }
}
