using Microsoft.Extensions.Time.Testing;
using PresenceHub.GraphEmulator.Notifications;
using PresenceHub.GraphEmulator.Subscriptions;

namespace PresenceHub.GraphEmulator.Tests.Notifications;

public sealed class DueQueueTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
    private readonly DueQueue _queue;

    public DueQueueTests() => _queue = new DueQueue(_time, capacity: 10);

    [Fact]
    public async Task TakeAsync_SeveralDue_TakesThemTogetherUpToTheLimit()
    {
        var now = _time.GetUtcNow();
        foreach (var _ in Enumerable.Range(0, 5))
        {
            _queue.TryAdd(New(), now);
        }

        Assert.Equal(3, (await _queue.TakeAsync(3, CancellationToken.None)).Notifications.Count);
        Assert.Equal(2, (await _queue.TakeAsync(3, CancellationToken.None)).Notifications.Count);
    }

    [Fact]
    public async Task TakeAsync_LargeResources_KeepsPostsSmall()
    {
        foreach (var _ in Enumerable.Range(0, 10))
        {
            _queue.TryAdd(New(resourceLength: 200_000), _time.GetUtcNow());
        }

        Assert.Equal(2, (await _queue.TakeAsync(100, CancellationToken.None)).Notifications.Count);
    }

    [Fact]
    public async Task TakeAsync_NotDueYet_WaitsForTheClock()
    {
        _queue.TryAdd(New(), _time.GetUtcNow().AddHours(4));
        var taken = _queue.TakeAsync(1, CancellationToken.None);

        _time.Advance(TimeSpan.FromHours(3));
        Assert.False(taken.IsCompleted);
        _time.Advance(TimeSpan.FromHours(1));

        await taken.WaitAsync(Patience);
    }

    [Fact]
    public async Task TakeAsync_EarlierOneAdded_WakesForIt()
    {
        var (late, early) = (New(), New());
        _queue.TryAdd(late, _time.GetUtcNow().AddHours(4));
        var taken = _queue.TakeAsync(1, CancellationToken.None);

        _queue.TryAdd(early, _time.GetUtcNow());

        Assert.Equal(early.Notifications, (await taken.WaitAsync(Patience)).Notifications);
    }

    [Fact]
    public async Task TakeAsync_Retry_GoesByItself()
    {
        var retry = New() with { Attempts = 1 };
        _queue.TryAdd(retry, _time.GetUtcNow());
        _queue.TryAdd(New(), _time.GetUtcNow());

        Assert.Same(retry, await _queue.TakeAsync(100, CancellationToken.None));
    }

    [Fact]
    public void TryAdd_Full_TurnsTheNewestAway()
    {
        Assert.All(Enumerable.Range(0, 10), _ => Assert.True(_queue.TryAdd(New(), _time.GetUtcNow())));
        Assert.False(_queue.TryAdd(New(), _time.GetUtcNow()));
    }

    public void Dispose() => _queue.Dispose();

    private Delivery New(int resourceLength = 10)
    {
        var resource = new PresenceResource(new string('x', resourceLength), []);
        var terms = new SubscriptionTerms(default, default, "", null);
        var subscription = new Subscription(Guid.NewGuid(), default, resource, null, null, "v1_2", terms);
        return new Delivery([new Notification(subscription, null, _time.GetUtcNow(), NotificationFlaws.None)]);
    }
}
