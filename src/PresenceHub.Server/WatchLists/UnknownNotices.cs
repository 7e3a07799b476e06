using System.Buffers.Binary;
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
    private const int AgeBytes = sizeof(long);

    /// <summary>Tells all nodes, this one at once.</summary>
    /// <exception cref="RedisException">The server cannot be reached.</exception>
    public async Task PublishAsync(IReadOnlyList<SubjectId> subjects)
    {
        unknown.Add(subjects);
        await redis.GetSubscriber().PublishAsync(keys.Unknown, SubjectBytes.WriteAll(subjects));
    }

    /// <summary>Those subjects that Graph did not know in a recent answer, with the age of that answer.</summary>
    public IReadOnlyList<(SubjectId Subject, TimeSpan Age)> UnknownOf(IEnumerable<SubjectId> subjects) =>
        [
            .. from subject in subjects
            let age = unknown.AgeOf(subject)
            where age is not null
            select (subject, age.Value),
        ];

    /// <summary>Sends the recent answers for these subjects again, with the age of the oldest one. Returns the subjects
    /// without a recent answer.</summary>
    public IReadOnlyList<SubjectId> Repeat(IReadOnlyCollection<SubjectId> subjects)
    {
        var repeated = UnknownOf(subjects);
        if (repeated.Count > 0)
        {
            var age = repeated.Max(answer => answer.Age);
            redis.GetSubscriber().Publish(keys.Unknown, Write(repeated, age), CommandFlags.FireAndForget);
        }

        return [.. subjects.Except(repeated.Select(answer => answer.Subject))];
    }

    /// <summary>Takes the notices of other nodes.</summary>
    /// <exception cref="RedisException">The server cannot be reached; nothing is subscribed.</exception>
    public async Task<ChannelMessageQueue> SubscribeAsync()
    {
        var queue = await redis.GetSubscriber().SubscribeAsync(keys.Unknown);
        queue.OnMessage(message =>
        {
            var bytes = (byte[])message.Message!;
            unknown.Add(SubjectBytes.ReadAll(bytes), ReadAge(bytes));
        });
        return queue;
    }

    // The age follows the subjects. Nodes of an earlier version ignore it, and send none.
    private static byte[] Write(IReadOnlyList<(SubjectId Subject, TimeSpan Age)> answers, TimeSpan age)
    {
        Span<byte> milliseconds = stackalloc byte[AgeBytes];
        BinaryPrimitives.WriteInt64BigEndian(milliseconds, (long)Math.Ceiling(age.TotalMilliseconds));
        return [.. SubjectBytes.WriteAll(answers.Select(answer => answer.Subject)), .. milliseconds];
    }

    private static TimeSpan ReadAge(ReadOnlySpan<byte> message) =>
        message.Length % SubjectBytes.Size is AgeBytes
            ? TimeSpan.FromMilliseconds(BinaryPrimitives.ReadInt64BigEndian(message[^AgeBytes..]))
            : TimeSpan.Zero;
}
