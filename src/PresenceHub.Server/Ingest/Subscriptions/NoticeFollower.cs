using PresenceHub.Server.Ingest.Coverage;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>
/// Receives, during one term, what other nodes report of Graph's posts: lifecycle events, and the subjects that were
/// notified.
/// </summary>
internal sealed class NoticeFollower(
    PlannedAccounts accounts,
    Drift drift,
    LifecycleNotices lifecycle,
    NotifiedSubjects notified,
    TimeProvider time,
    ILogger<NoticeFollower> logger
)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(
            FollowAsync(() => lifecycle.SubscribeAsync(accounts.Add), cancellationToken),
            FollowAsync(() => notified.SubscribeAsync(drift.Announced), cancellationToken)
        );

    private async Task FollowAsync(Func<Task<ChannelMessageQueue>> subscribe, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var queue = await subscribe().WaitAsync(cancellationToken);
                try
                {
                    await queue.Completion.WaitAsync(cancellationToken);
                }
                finally
                {
                    await queue.UnsubscribeAsync(CommandFlags.FireAndForget);
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                logger.NoticesNotFollowed(FailureReason.Of(exception));
            }

            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }
}
