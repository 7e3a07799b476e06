using System.Globalization;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Store;
using StackExchange.Redis;

namespace PresenceHub.Testing.Reference;

/// <summary>A Redis server as far as the store's scripts can see it, which runs them by
/// <see cref="ReferencePartition"/>.</summary>
internal sealed class ReferenceServer(RedisNames names, StoreOptions options)
{
    /// <summary>The place, among the arguments of the apply script, of the time after which a confirmation is
    /// announced.</summary>
    public const int ConfirmAfterArgument = 5;

    private const int ReadArguments = 2;
    private const int ApplyArguments = 7;
    private const int ArgumentsPerSubject = 6;

    /// <summary>Run id and replication id, as the scripts put them together.</summary>
    public required string Instance { get; set; }

    /// <summary>The server's clock (µs).</summary>
    public required Func<long> Now { get; init; }

    /// <summary>Receives every message announced, with its partition.</summary>
    public Action<int, string> Publish { get; set; } = (_, _) => { };

    public StoreKeys Keys { get; } = new(names, Options.Create(options));

    public ReferencePartition[] Partitions { get; set; } =
    [.. Enumerable.Range(0, options.Partitions).Select(_ => new ReferencePartition())];

    /// <summary>The subject whose entry is kept under a key.</summary>
    public static SubjectId SubjectOf(RedisKey key) =>
        SubjectId.TryParse(key.ToString()[^36..], out var subject) ? subject : default;

    /// <summary>Runs a script; which of the two shows in what it is given.</summary>
    public RedisResult Evaluate(RedisKey[] keys, RedisValue[] arguments)
    {
        var index = int.Parse(keys[0].ToString().AsSpan(names.KeyPrefix.Length + 2, 2), CultureInfo.InvariantCulture);
        var partition = Partitions[index];
        var subjects = keys[1..].Select(SubjectOf).ToArray();
        partition.Fence(Instance, Now(), (long)arguments[0], (long)arguments[1]);
        RedisResult[] answers =
            arguments.Length is ReadArguments
                ?
                [
                    .. subjects.Select(subject =>
                        RedisResult.Create(partition.Take(subject) is { } entry ? Line(entry) : RedisValue.Null)
                    ),
                ]
                :
                [
                    .. Apply(index, subjects, arguments)
                        .Select(outcome => RedisResult.Create((RedisValue)(int)outcome)),
                ];
        var (epoch, offset, clock) = partition.Position;
        return RedisResult.Create([
            RedisResult.Create(epoch),
            RedisResult.Create(offset),
            RedisResult.Create(clock),
            RedisResult.Create(partition.Now),
            .. answers,
        ]);
    }

    private static string Line(StoredEntry entry) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{entry.Availability}\t{entry.Activity}\t{entry.Since}\t{entry.ObservedAt}\t{entry.Revision}"
        );

    private ApplyOutcome[] Apply(int index, SubjectId[] subjects, RedisValue[] arguments)
    {
        var observations = subjects.Select(
            (subject, i) =>
            {
                var given = arguments.AsSpan(ApplyArguments + (i * ArgumentsPerSubject), ArgumentsPerSubject);
                var source = given[5] == "poll" ? ObservationSource.Poll : ObservationSource.Notification;
                return new Observation(subject, given[1]!, given[2]!, given[3], (long)given[4], source);
            }
        );
        var (outcomes, message) = Partitions[index]
            .Apply([.. observations], confirmAfter: (long)arguments[ConfirmAfterArgument]);
        if (message is not null)
        {
            var (epoch, offset, clock) = message.Position;
            Publish(
                index,
                string.Create(CultureInfo.InvariantCulture, $"1\t{epoch}\t{offset}\t{clock}\n")
                    + string.Join('\n', message.Entries.Select(entry => $"{entry.Subject}\t{Line(entry)}"))
            );
        }

        return outcomes;
    }
}
