using PresenceHub.GraphEmulator.Notifications;

namespace PresenceHub.GraphEmulator.Subscriptions;

/// <summary>Expires subscriptions, and asks their owners to reauthorize in time.</summary>
internal sealed class SubscriptionClock(
    SubscriptionBook book,
    NotificationDispatcher dispatcher,
    TimeProvider time,
    ILogger<SubscriptionClock> logger
) : BackgroundService
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReminderLead = TimeSpan.FromMinutes(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Turn, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                CheckOnce();
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.SubscriptionCheckFailed(exception);
            }
        }
    }

    internal void CheckOnce()
    {
        foreach (var expired in book.RemoveExpired())
        {
            logger.SubscriptionExpired(expired.Id);
        }

        dispatcher.Prune();
        var now = time.GetUtcNow();
        foreach (var subscription in book.List())
        {
            var terms = subscription.Terms;
            var end = terms.ExpiresAt < terms.AuthorizedUntil ? terms.ExpiresAt : terms.AuthorizedUntil;
            var isDue =
                now >= end - ReminderLead && (terms.RemindedAt is not { } reminded || now >= reminded + ReminderLead);
            if (isDue && subscription.LifecycleUrl is not null)
            {
                subscription.Change(current => current with { RemindedAt = now });
                dispatcher.Remind(subscription);
            }
        }
    }
}
