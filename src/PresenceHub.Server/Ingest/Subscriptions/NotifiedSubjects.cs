using PresenceHub.Contracts;
using PresenceHub.Server.WatchLists;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>
/// Reports to the leader which subjects were notified, for each subscription and from any node. The leader uses this to
/// detect missed notifications. A lost message adds a missed notification to the metrics.
/// </summary>
internal sealed class NotifiedSubjects(IConnectionMultiplexer redis, IngestKeys keys)
{
    /// <exception cref="RedisException">The server cannot be reached.</exception>
    public Task PublishAsync(Guid subscriptionId, IEnumerable<SubjectId> subjects) =>
        redis
            .GetSubscriber()
            .PublishAsync(
                keys.Notified,
                SubjectBytes.WriteAll([new SubjectId(subscriptionId), .. subjects]),
                CommandFlags.FireAndForget
            );

    /// <exception cref="RedisException">The server cannot be reached; nothing is subscribed.</exception>
    public async Task<ChannelMessageQueue> SubscribeAsync(Action<Guid, IEnumerable<SubjectId>> handler)
    {
        var queue = await redis.GetSubscriber().SubscribeAsync(keys.Notified);
        queue.OnMessage(message =>
        {
            var ids = SubjectBytes.ReadAll((byte[])message.Message!);
            if (ids.Count > 0)
            {
                handler(ids[0].Value, ids.Skip(1));
            }
        });
        return queue;
    }
}
