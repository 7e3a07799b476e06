using System.Globalization;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>
/// Carries lifecycle events from the node that receives them to the leader. A lost message does little harm: the leader
/// renews subscriptions in time without it.
/// </summary>
internal sealed class LifecycleNotices(IConnectionMultiplexer redis, IngestKeys keys)
{
    /// <exception cref="RedisException">The server cannot be reached.</exception>
    public Task PublishAsync(LifecycleNotice notice) =>
        redis
            .GetSubscriber()
            .PublishAsync(
                keys.Lifecycle,
                string.Create(CultureInfo.InvariantCulture, $"{notice.SubscriptionId:N} {notice.Event}")
            );

    /// <exception cref="RedisException">The server cannot be reached; nothing is subscribed.</exception>
    public async Task<ChannelMessageQueue> SubscribeAsync(Action<LifecycleNotice> handler)
    {
        var queue = await redis.GetSubscriber().SubscribeAsync(keys.Lifecycle);
        queue.OnMessage(message =>
        {
            if (
                message.Message.ToString().Split(' ') is [var id, var name]
                && Guid.TryParseExact(id, "N", out var subscriptionId)
                && Enum.TryParse<LifecycleEvent>(name, out var lifecycleEvent)
            )
            {
                handler(new LifecycleNotice(subscriptionId, lifecycleEvent));
            }
        });
        return queue;
    }
}
