using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using StackExchange.Redis;

namespace PresenceHub.Server.WatchLists;

/// <summary>
/// Asks the node that reads Graph to refresh some subjects. A lost message only costs time, because every watched
/// subject is read once per period.
/// </summary>
internal sealed class RefreshRequests(
    [FromKeyedServices(ControlConnection.Key)] IConnectionMultiplexer redis,
    InterestKeys keys
)
{
    /// <summary>Refreshes subjects, whether or not they are watched.</summary>
    /// <exception cref="RedisException">The server cannot be reached.</exception>
    public Task PublishAsync(IReadOnlyCollection<SubjectId> subjects) => PublishAsync(subjects, isWatched: false);

    /// <summary>Refreshes subjects that this node watches from now on.</summary>
    /// <exception cref="RedisException">The server cannot be reached.</exception>
    public Task PublishWatchedAsync(IReadOnlyCollection<SubjectId> subjects) => PublishAsync(subjects, isWatched: true);

    /// <summary>Calls <paramref name="handler"/> for every request, one at a time. Its second argument is whether a
    /// node watches the subjects from now on.</summary>
    /// <exception cref="RedisException">The server cannot be reached; nothing is subscribed.</exception>
    public async Task<ChannelMessageQueue> SubscribeAsync(Action<IReadOnlyList<SubjectId>, bool> handler)
    {
        var queue = await redis.GetSubscriber().SubscribeAsync(keys.Refreshes);
        queue.OnMessage(message =>
        {
            var bytes = (byte[])message.Message!;
            var subjects = SubjectBytes.ReadAll(bytes);
            handler(subjects, bytes.Length > subjects.Count * SubjectBytes.Size);
        });
        return queue;
    }

    private async Task PublishAsync(IReadOnlyCollection<SubjectId> subjects, bool isWatched)
    {
        if (subjects.Count > 0)
        {
            // Nodes of the previous version ignore the additional byte.
            var bytes = SubjectBytes.WriteAll(subjects);
            await redis.GetSubscriber().PublishAsync(keys.Refreshes, isWatched ? [.. bytes, 1] : bytes);
        }
    }
}
