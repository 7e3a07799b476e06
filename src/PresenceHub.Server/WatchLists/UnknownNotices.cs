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

    /// <summary>An answer that lapses sooner is not sent again: it could lapse before a caller has looked.</summary>
    internal static readonly TimeSpan LeastLeft = TimeSpan.FromSeconds(2);

    /// <summary>Answers whose ages differ by less share a message, and lapse with the oldest one.</summary>
    private static readonly TimeSpan AgeStep = TimeSpan.FromSeconds(10);

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

    /// <summary>Sends the recent answers for these subjects again, with their age. Returns the subjects without a
    /// recent answer.</summary>
    public IReadOnlyList<SubjectId> Repeat(IReadOnlyCollection<SubjectId> subjects)
    {
        var repeated = UnknownOf(subjects)
            .Where(answer => answer.Age <= UnknownSubjects.Lifetime - LeastLeft)
            .ToArray();
        foreach (var ofAnAge in repeated.GroupBy(answer => (int)(answer.Age / AgeStep)))
        {
            var message = Write([.. ofAnAge], ofAnAge.Max(answer => answer.Age));
            redis.GetSubscriber().Publish(keys.Unknown, message, CommandFlags.FireAndForget);
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
