using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using StackExchange.Redis;

namespace PresenceHub.Server.WatchLists;

/// <summary>
/// Sends the ids that Graph does not know from the node that reads Graph to the <see cref="UnknownSubjects"/> of all
/// nodes. A lost message costs another read of Graph.
/// </summary>
internal sealed class UnknownNotices(
    [FromKeyedServices(ControlConnection.Key)] IConnectionMultiplexer redis,
    InterestKeys keys,
    UnknownSubjects unknown
)
{
    /// <summary>Notifies all nodes, this one at once.</summary>
    /// <exception cref="RedisException">The server cannot be reached.</exception>
    public async Task PublishAsync(IReadOnlyList<SubjectId> subjects)
    {
        unknown.Add(subjects);
        await redis.GetSubscriber().PublishAsync(keys.Unknown, SubjectBytes.WriteAll(subjects));
    }

    /// <summary>Whether Graph has recently answered that it does not know the subject.</summary>
    public bool IsUnknown(SubjectId subject) => unknown.Contains(subject);

    /// <summary>Notifies the nodes again of the subjects that this node still knows as unknown. Returns the
    /// others.</summary>
    public IReadOnlyList<SubjectId> Repeat(IEnumerable<SubjectId> subjects)
    {
        var known = subjects.ToLookup(unknown.Contains);
        SubjectId[] repeated = [.. known[true]];
        if (repeated.Length > 0)
        {
            redis.GetSubscriber().Publish(keys.Unknown, SubjectBytes.WriteAll(repeated), CommandFlags.FireAndForget);
        }

        return [.. known[false]];
    }

    /// <summary>Takes the notices of other nodes.</summary>
    /// <exception cref="RedisException">The server cannot be reached; nothing is subscribed.</exception>
    public async Task<ChannelMessageQueue> SubscribeAsync()
    {
        var queue = await redis.GetSubscriber().SubscribeAsync(keys.Unknown);
        queue.OnMessage(message => unknown.Add(SubjectBytes.ReadAll((byte[])message.Message!)));
        return queue;
    }
}
