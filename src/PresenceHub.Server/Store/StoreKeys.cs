using System.Globalization;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>The names of keys and channels. All keys of a partition have the same hash tag, so that one script can use
/// them on a cluster.</summary>
internal sealed class StoreKeys(RedisNames names, IOptions<StoreOptions> options)
{
    private readonly string _prefix = names.KeyPrefix;
    private readonly string _channelPrefix = names.ChannelPrefix;
    private readonly string[] _tags =
    [
        .. Enumerable.Range(0, options.Value.Partitions).Select(partition => CreateTag(names.KeyPrefix, partition)),
    ];

    public int Partitions { get; } = options.Value.Partitions;

    /// <inheritdoc cref="RedisNames.ConnectionSetting"/>
    public string ConnectionSetting { get; } = names.ConnectionSetting;

    /// <summary>String: the number of partitions that the data is laid out in. Written once, no expiry.</summary>
    public RedisKey Layout => $"{_prefix}:layout";

    /// <summary>String: empty, with an expiry of seconds. The permissions of the connection's user are tried on
    /// it.</summary>
    public RedisKey Trial => $"{_prefix}:trial";

    /// <summary>Channel without subscribers: the permission to publish is tried on it.</summary>
    public string TrialChannel => $"{_channelPrefix}{_prefix}:trial";

    /// <summary>Like <see cref="Trial"/>, beside the keys of a partition.</summary>
    public RedisKey TrialOf(int partition) => $"{_tags[partition]}:trial";

    /// <summary>Hash: instance, epoch, offset, clock of the partition. No expiry.</summary>
    public RedisKey Meta(int partition) => $"{_tags[partition]}:meta";

    /// <summary>Hash: the entry of a subject. Expires a day after the last observation; earlier when Graph does not
    /// know the subject.</summary>
    public RedisKey Subject(int partition, SubjectId subject) =>
        string.Concat(_tags[partition], ":subject:", subject.ToString());

    /// <summary>Channel: every change of the partition, in the order of its offsets.</summary>
    public string Changes(int partition) => $"{_channelPrefix}{_tags[partition]}:changes";

    /// <summary>Channel: a node receives its own probes, which proves that its subscriptions work.</summary>
    public string Probe(int partition, string node) => $"{_channelPrefix}{_tags[partition]}:probe:{node}";

    /// <summary>The partition of a subject. Part of the stored layout: the result must never change.</summary>
    public int PartitionOf(SubjectId subject)
    {
        const uint FnvOffsetBasis = 2166136261,
            FnvPrime = 16777619;
        Span<byte> bytes = stackalloc byte[16];
        subject.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        var hash = FnvOffsetBasis;
        foreach (var value in bytes)
        {
            hash = unchecked((hash ^ value) * FnvPrime);
        }

        return (int)(hash % (uint)Partitions);
    }

    private static string CreateTag(string prefix, int partition) =>
        string.Create(CultureInfo.InvariantCulture, $"{{{prefix}:{partition:00}}}");
}
