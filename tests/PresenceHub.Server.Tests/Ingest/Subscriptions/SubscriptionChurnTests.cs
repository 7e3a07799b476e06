using PresenceHub.Contracts;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Polling;
using PresenceHub.Server.Ingest.Subscriptions;
using static PresenceHub.Server.Tests.Ingest.Subscriptions.AccountSubscriptionHost;

namespace PresenceHub.Server.Tests.Ingest.Subscriptions;

/// <summary>Hundreds of watchers come and go: the subscription is seldom recreated and leaves no records.</summary>
[Trait("Category", "Functional")]
public sealed class SubscriptionChurnTests(RedisFixture redis) : IClassFixture<RedisFixture>, IDisposable
{
    private const int Changes = 1000;
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(10);
    private static readonly int MostMade = (int)(Duration / MinRecreateInterval) + 1;

    private readonly AccountSubscriptionHost _host = new(redis);

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData(1, 300)]
    [InlineData(2, 900)]
    public async Task MaintainOnce_AThousandJoinsAndLeaves_CreatesAtMostOncePerInterval(int seed, int people)
    {
        var random = new Random(seed);
        var subjects = Subjects(people);
        var subjectsWatched = new WatchedSubjects(_host.Time);
        var schedule = new PollSchedule(
            subjectsWatched,
            new PollPace(IsPeriodic: false, Duration, Duration),
            new PageAdmission(),
            _host.Time
        );
        using var keeper = _host.BeginTerm(subjectsWatched).Keeper;
        var watched = new HashSet<SubjectId>();
        var mostRecords = 0;
        for (var i = 0; i < Changes; i++)
        {
            var subject = subjects[random.Next(subjects.Length)];
            if (!watched.Remove(subject))
            {
                watched.Add(subject);
            }

            _host.Time.Advance(Duration / Changes);
            subjectsWatched.SetHeld(watched, subjectsWatched.Now);
            schedule.Confirm(schedule.TakeDue(people));
            await MaintainAsync(keeper);
            mostRecords = Math.Max(mostRecords, _host.Records().Length);
        }

        // The last subjects wait at most one interval.
        _host.Time.Advance(MinRecreateInterval);
        await MaintainAsync(keeper);
        _host.Time.Advance(MinRecreateInterval);
        await MaintainAsync(keeper);

        Assert.InRange(_host.Graph.TakeMethods().Count(method => method is "POST"), 2, MostMade + 2);
        Assert.Equal(1, mostRecords);
        Assert.Equal([_host.Graph.OnlyId.ToString("N")], _host.Records());
        Assert.Equal(1, _host.Registry.KnownCount);
        Assert.Equal(0, watched.Count(subject => !_host.Account.Covered.Contains(subject)));
    }

    [Fact]
    public async Task MaintainOnceAsync_GraphRemovesItRepeatedly_CreatesAtMostOncePerInterval()
    {
        for (var i = 0; i < Changes; i++)
        {
            await _host.MaintainAsync(Subjects(2));
            if (_host.Account.Held is { } held)
            {
                _host.Graph.Held.Clear();
                _host.Account.Add(new LifecycleNotice(held.Id, LifecycleEvent.SubscriptionRemoved));
            }

            _host.Time.Advance(Duration / Changes);
        }

        Assert.InRange(_host.Graph.TakeMethods().Count(method => method is "POST"), 2, MostMade);
        await _host.Registry.RemoveAsync(Guid.NewGuid(), CancellationToken.None);
        Assert.InRange(_host.Records().Length, 0, 1);
    }

    [Fact]
    public async Task MaintainOnceAsync_ItIsSilentRepeatedly_CreatesAtMostOncePerInterval()
    {
        for (var i = 0; i < Changes; i++)
        {
            await _host.MaintainAsync(Subjects(2));
            _host.Account.MarkSilent(_host.Account.Held!.Id);
            _host.Time.Advance(Duration / Changes);
        }

        Assert.InRange(_host.Graph.TakeMethods().Count(method => method is "POST"), 2, MostMade);
        Assert.Single(_host.Records());
    }

    [Fact]
    public async Task MaintainOnceAsync_GraphEndsItWithinASecondAndDoesNotRenew_CreatesAtMostOncePerInterval()
    {
        for (var i = 0; i < Changes; i++)
        {
            if (_host.Account.Held is not { } held || held.ExpiresAt <= _host.Time.GetUtcNow())
            {
                _host.Graph.Held.Clear();
                _host.Graph.Expiry = _host.Time.GetUtcNow().AddSeconds(1);
            }

            await _host.MaintainAsync(Subjects(2));
            _host.Time.Advance(Duration / Changes);
        }

        Assert.InRange(_host.Graph.TakeMethods().Count(method => method is "POST"), 2, MostMade);
    }

    [Fact]
    public async Task MaintainOnceAsync_RedisAwayWhenItIsReplaced_RemovesTheRecordLater()
    {
        await _host.MaintainAsync(Subjects(2));
        var replaced = _host.Graph.OnlyId;
        using (var cancelled = new CancellationTokenSource())
        {
            await cancelled.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                _host.Registry.RemoveAsync(replaced, cancelled.Token)
            );
        }

        await _host.Registry.RemoveAsync(Guid.NewGuid(), CancellationToken.None);
        Assert.Empty(_host.Records());
    }

    [Fact]
    public async Task StartOnceAsync_SubscriptionWithAnotherUrl_LeavesNoRecord()
    {
        await _host.MaintainAsync(Subjects(2));
        await _host.Registry.PutAsync(
            _host.Account.Held! with
            {
                NotificationUrl = "https://other.example",
            },
            CancellationToken.None
        );
        _host.BeginTerm();
        await _host.Account.StartOnceAsync(CancellationToken.None);
        Assert.Empty(_host.Records());
    }

    [Fact]
    public async Task TryGetKnown_RecordRemovedOnAnotherNode_ExpiresFromTheCache()
    {
        await _host.MaintainAsync(Subjects(2));
        var node = _host.NewRegistry();
        var replaced = _host.Graph.OnlyId;
        Assert.NotNull(await node.TryGetAsync(replaced, CancellationToken.None));
        await _host.Registry.RemoveAsync(replaced, CancellationToken.None);
        _host.Time.Advance(SubscriptionRegistry.KnownFor);
        Assert.Null(node.TryGetKnown(replaced));
        Assert.Null(await node.TryGetAsync(replaced, CancellationToken.None));
        Assert.Equal(0, node.KnownCount);
    }

    [Fact]
    public async Task PutAsync_MoreThanFit_DropsTheOldest()
    {
        await _host.MaintainAsync(Subjects(2));
        var record = _host.Account.Held!;
        for (var i = 0; i < SubscriptionRegistry.MaxKnown + 10; i++)
        {
            _host.Time.Advance(TimeSpan.FromMilliseconds(1));
            await _host.Registry.PutAsync(record with { Id = Guid.NewGuid() }, CancellationToken.None);
        }

        Assert.Equal(SubscriptionRegistry.MaxKnown, _host.Registry.KnownCount);
        Assert.Null(_host.Registry.TryGetKnown(record.Id));
        Assert.NotNull(await _host.Registry.TryGetAsync(record.Id, CancellationToken.None));
    }

    private static async Task MaintainAsync(SubscriptionKeeper keeper)
    {
        // Each call acts on the plan of the one before.
        for (var i = 0; i < 2; i++)
        {
            keeper.MaintainOnce(CancellationToken.None);
            await keeper.WhenIdleAsync();
        }
    }
}
