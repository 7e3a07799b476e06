using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using StackExchange.Redis;

namespace PresenceHub.Server.WatchLists;

/// <summary>
/// Asks whoever reads Graph to read some subjects soon. A hint: a message that is lost costs time, since every watched subject is
/// read once a period anyway.
/// </summary>
internal sealed class WantedSubjects([FromKeyedServices(ControlConnection.Key)] IConnectionMultiplexer redis, InterestKeys keys)
{
    /// <exception cref="RedisException">The server cannot be reached.</exception>
    public async Task PublishAsync(IReadOnlyCollection<SubjectId> subjects)
    {
        if (subjects.Count > 0)
        {
            await redis.GetSubscriber().PublishAsync(keys.Wanted, SubjectBytes.WriteAll(subjects));
        }
    }

    /// <summary>Calls <paramref name="handler"/> for every request, one at a time.</summary>
    /// <exception cref="RedisException">The server cannot be reached; nothing is subscribed.</exception>
    public async Task<ChannelMessageQueue> SubscribeAsync(Action<IReadOnlyList<SubjectId>> handler)
    {
        var queue = await redis.GetSubscriber().SubscribeAsync(keys.Wanted);
        queue.OnMessage(message => handler(SubjectBytes.ReadAll((byte[])message.Message!)));
        return queue;
    }
}
