using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.WatchLists;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.WatchLists;

public sealed class PolicyReviewTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _time = new();
    private readonly SwitchedPolicy _policy = new();
    private readonly Record _record = new();
    private readonly WatchPolicies _policies;
    private readonly ConnectionWatchLists _lists;
    private readonly PolicyReview _review;

    public PolicyReviewTests()
    {
        _policies = new WatchPolicies([_policy]);
        _lists = new ConnectionWatchLists(
            _policies,
            new InterestIndex([]),
            Quotas.Of(new WatchListOptions()),
            Options.Create(new WatchListOptions())
        );
        var revocations = new Revocations(new Audit(Options.Create(new AuditOptions()), NullLogger<Audit>.Instance));
        _review = new PolicyReview(
            _lists,
            _policies,
            revocations,
            Options.Create(new WatchPolicyOptions()),
            _time,
            NullLogger<PolicyReview>.Instance
        );
        _lists.TryOpen("c1", new Watcher(Guid.Empty, "one"), new RecordingOutbox("c1", _record));
        _lists.TryOpen("c2", new Watcher(Guid.Empty, "two"), new RecordingOutbox("c2", _record));
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

        Assert.Equal([("c1", Ada), ("c2", Ada)], _record.Revoked.OrderBy(revoked => revoked.Connection));
        Assert.Equal([("c1", Ben)], _record.Watched);
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
        Assert.Equal([("c1", Ben)], _record.Watched);
    }

    [Fact]
    public async Task AddAsync_AskedAgainAfterADenialThatNobodyAnnounced_IsRevoked()
    {
        await _lists.AddAsync("c1", [$"{Ada}"], None);
        _policy.Denied.Add(Ada);

        var admission = await _lists.AddAsync("c1", [$"{Ada}"], None);

        Assert.Equal(RejectionReason.NotVisible, Assert.Single(admission.Rejected).Reason);
        Assert.Equal([("c1", Ada)], _record.Revoked);
        Assert.Empty(_record.Watched);
    }

    [Fact]
    public async Task ReviewAsync_DeniedSinceItWasAdmitted_CountsAsRejectedAsSent()
    {
        var sent = $"{Ada}".ToUpperInvariant();
        var admission = await _lists.AddAsync("c1", [sent, $"{Ben}"], None);
        _policy.Denied.Add(Ada);
        _policy.Announce();

        Assert.False(_lists.IsCurrent(admission));
        var now = await _lists.ReviewAsync("c1", admission, None);

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

        await _record.FirstRevoked.Task.WaitAsync(Timeout);
        await _review.StopAsync(None);
    }

    [Fact]
    public async Task Review_PolicyAnnouncesNothing_ComesWithinTheMinute()
    {
        await _lists.AddAsync("c1", [$"{Ada}"], None);
        await _review.StartAsync(None);
        _policy.Denied.Add(Ada);

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(_record.Revoked);
        _time.Advance(TimeSpan.FromSeconds(1));

        await _record.FirstRevoked.Task.WaitAsync(Timeout);
        await _review.StopAsync(None);
    }

    /// <summary>What the connections were told, in order.</summary>
    private sealed class Record
    {
        public List<(string Connection, SubjectId Subject)> Watched { get; } = [];

        public List<(string Connection, SubjectId Subject)> Revoked { get; } = [];

        public TaskCompletionSource FirstRevoked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class RecordingOutbox(string connection, Record record) : IWatchListOutbox
    {
        public void Admit(IReadOnlyList<SubjectId> subjects) =>
            record.Watched.AddRange(subjects.Select(subject => (connection, subject)));

        public void Discard(IReadOnlyList<SubjectId> subjects) =>
            record.Watched.RemoveAll(watched => watched.Connection == connection && subjects.Contains(watched.Subject));

        public void Revoke(IReadOnlyList<SubjectId> subjects)
        {
            record.Revoked.AddRange(subjects.Select(subject => (connection, subject)));
            record.FirstRevoked.TrySetResult();
        }
    }
}
