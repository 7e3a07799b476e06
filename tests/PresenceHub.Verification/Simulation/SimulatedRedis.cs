using System.Globalization;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Store;
using PresenceHub.Testing.Reference;
using StackExchange.Redis;

namespace PresenceHub.Verification.Simulation;

/// <summary>Redis as a hub has it: one server, or a cluster with a server for each partition.</summary>
internal sealed class SimulatedRedis
{
    /// <summary>Run ids of successive servers have nothing in common.</summary>
    private const long RunIdStep = 2_654_435_761;

    private readonly Scene _scene;
    private readonly StoreKeys _keys;
    private readonly SimulatedShard[] _shards;
    private readonly HashSet<(string Id, string Availability, long Revision)> _written = [];
    private readonly HashSet<(string Id, string Availability)> _values = [];
    private readonly HashSet<SubjectId> _lost = [];
    private long _ticks;
    private long _incarnation;

    public SimulatedRedis(Scene scene)
    {
        _scene = scene;
        _keys = new StoreKeys(new RedisNames(), Options.Create(scene.Options));
        _shards =
        [
            .. Enumerable
                .Range(0, scene.Options.Partitions)
                .Select(partition => new SimulatedShard(partition, scene, Tick, RecordWrites)),
        ];
        LatestEpochs = new long[_shards.Length];
        Become(Selected(null), shard => shard.Data, TimeSpan.Zero);
    }

    /// <summary>No connection to it can be made.</summary>
    public bool IsDown { get; set; }

    /// <summary>The partition whose server cannot be reached, as that of a lost shard; null when all can.</summary>
    public int? LostPartition { get; set; }

    /// <summary>Connections stay open and nothing is answered.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>The latest epoch there ever was, of each partition.</summary>
    public long[] LatestEpochs { get; }

    /// <summary>Receives every message announced, with its partition.</summary>
    public Action<int, string> Publish { get; set; } = (_, _) => { };

    /// <summary>Whether the server's own data is of the latest epoch, so that no caller has to tell it.</summary>
    public bool IsOfLatestEpoch => _shards.Select(shard => shard.Data.Position.Epoch).SequenceEqual(LatestEpochs);

    public StoredEntry? Read(SubjectId subject) => _shards[_keys.PartitionOf(subject)].Data.Read(subject);

    /// <summary>Whether the availability was ever written of the subject, and at that revision.</summary>
    public bool WasWritten(string id, string availability, long revision) =>
        _written.Contains((id, availability, revision));

    /// <summary>Whether the availability was ever written of the subject.</summary>
    public bool WasWritten(string id, string availability) => _values.Contains((id, availability));

    /// <summary>Whether the server ever held nothing of a subject that had been written.</summary>
    public bool HasLost(SubjectId subject) => _lost.Contains(subject);

    public void Replicate() => Array.ForEach(_shards, shard => shard.Replicate());

    /// <summary>The process restarts with its data, and maybe with another clock.</summary>
    public void Restart(TimeSpan clockOffset, int? shard) => Become(Selected(shard), one => one.Data, clockOffset);

    public void RestartWithoutData(TimeSpan clockOffset, int? shard) =>
        Become(Selected(shard), _ => new ReferencePartition(), clockOffset);

    /// <summary>The replica takes over, with its own clock.</summary>
    public void FailOver(TimeSpan clockOffset, int? shard) =>
        Become(Selected(shard), one => one.ReplicatedData, clockOffset);

    /// <summary>The server's clock is set ahead or back; the server stays the same.</summary>
    public void SetClock(TimeSpan clockOffset, int? shard) =>
        Array.ForEach(Selected(shard), one => one.ClockOffset = clockOffset);

    /// <summary>All keys are removed; the server stays the same.</summary>
    public void Flush(int? shard)
    {
        Array.ForEach(Selected(shard), one => one.Data = new ReferencePartition());
        RecordLosses();
    }

    /// <summary>Whether no connection can be made to the server that holds the partition of a script.</summary>
    public bool IsAway(RedisKey[] keys) =>
        IsDown || (LostPartition is { } partition && _keys.Meta(partition) == keys[0]);

    public RedisResult Evaluate(RedisKey[] keys, RedisValue[] arguments)
    {
        arguments = _scene.Flaw switch
        {
            Flaw.NoEpoch => [arguments[0], 0, .. arguments[2..]],
            Flaw.NoConfirmation when arguments.Length > ReferenceServer.ConfirmAfterArgument =>
            [
                .. arguments[..ReferenceServer.ConfirmAfterArgument],
                long.MaxValue,
                .. arguments[(ReferenceServer.ConfirmAfterArgument + 1)..],
            ],
            _ => arguments,
        };
        var partition = Array.FindIndex(_shards, shard => shard.Meta == keys[0]);
        var result = _shards[partition].Evaluate(keys, arguments);
        LatestEpochs[partition] = Math.Max(LatestEpochs[partition], _shards[partition].Data.Position.Epoch);

        return _scene.Flaw is Flaw.TimeNeverFalls ? WithoutFall(result) : result;
    }

    /// <summary>The answer with the partition's clock, which never goes back, in place of the server's time.</summary>
    private static RedisResult WithoutFall(RedisResult result)
    {
        var parts = (RedisResult[])result!;
        return RedisResult.Create([parts[0], parts[1], parts[2], parts[2], .. parts[4..]]);
    }

    private static string RunId(long incarnation) =>
        string.Create(CultureInfo.InvariantCulture, $"{(uint)(incarnation * RunIdStep):x8}");

    // No two scripts run at the same microsecond.
    private long Tick(TimeSpan clockOffset) => StoreTime.FromInstant(_scene.Time.GetUtcNow() + clockOffset) + ++_ticks;

    /// <summary>The shard of a partition; all of them, on one server, for null.</summary>
    private SimulatedShard[] Selected(int? shard) => shard is { } one ? [_shards[one]] : _shards;

    private void Become(SimulatedShard[] shards, Func<SimulatedShard, ReferencePartition> dataOf, TimeSpan clockOffset)
    {
        var instance = RunId(_scene.Flaw is Flaw.NoEpoch ? 0 : _incarnation++);
        Array.ForEach(shards, shard => shard.Become(instance, dataOf(shard), clockOffset));
        RecordLosses();
    }

    private void RecordLosses() =>
        _lost.UnionWith(
            _values
                .Select(value => SubjectId.TryParse(value.Id, out var subject) ? subject : default)
                .Where(subject => Read(subject) is null)
        );

    private void RecordWrites(int partition, string text)
    {
        foreach (var entry in ChangeMessage.TryParse(text, out var message) ? message!.Entries : [])
        {
            _written.Add((entry.Subject.ToString(), entry.Availability, entry.Revision));
            _values.Add((entry.Subject.ToString(), entry.Availability));
        }

        Publish(partition, text);
    }
}
