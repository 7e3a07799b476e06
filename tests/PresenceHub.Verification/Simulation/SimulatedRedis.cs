using System.Globalization;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Store;
using PresenceHub.Testing.Reference;
using StackExchange.Redis;

namespace PresenceHub.Verification.Simulation;

/// <summary>Redis as a hub has it: a server, and a replica that takes over with what it has received so far.</summary>
internal sealed class SimulatedRedis
{
    /// <summary>Run ids of successive servers have nothing in common.</summary>
    private const long RunIdStep = 2_654_435_761;

    private readonly Scene _scene;
    private readonly ReferenceServer _server;
    private readonly HashSet<(string Id, string Availability, long Revision)> _written = [];
    private readonly HashSet<(string Id, string Availability)> _values = [];
    private readonly HashSet<SubjectId> _lost = [];
    private ReferencePartition[] _replica;
    private TimeSpan _clockOffset;
    private long _ticks;
    private long _incarnation;

    public SimulatedRedis(Scene scene)
    {
        _scene = scene;
        _server = new ReferenceServer(new RedisNames(), scene.Options)
        {
            Instance = RunId(0),
            Now = Tick,
            Publish = TakeNote,
        };
        _replica = Copy(_server.Partitions);
        LatestEpochs = new long[scene.Options.Partitions];
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
    public bool IsOfLatestEpoch =>
        _server.Partitions.Select(partition => partition.Position.Epoch).SequenceEqual(LatestEpochs);

    public int PartitionOf(SubjectId subject) => _server.Keys.PartitionOf(subject);

    public StoredEntry? Read(SubjectId subject) => _server.Partitions[PartitionOf(subject)].Read(subject);

    /// <summary>Whether the availability was ever written of the subject, and at that revision.</summary>
    public bool WasWritten(string id, string availability, long revision) =>
        _written.Contains((id, availability, revision));

    /// <summary>Whether the availability was ever written of the subject.</summary>
    public bool WasWritten(string id, string availability) => _values.Contains((id, availability));

    /// <summary>Whether the server ever held nothing of a subject that had been written.</summary>
    public bool HasLost(SubjectId subject) => _lost.Contains(subject);

    public void Replicate() => _replica = Copy(_server.Partitions);

    /// <summary>The process restarts with its data, and maybe with another clock.</summary>
    public void Restart(TimeSpan clockOffset) => Become(_server.Partitions, clockOffset);

    public void RestartWithoutData(TimeSpan clockOffset) =>
        Become([.. _server.Partitions.Select(_ => new ReferencePartition())], clockOffset);

    /// <summary>The replica takes over, with its own clock.</summary>
    public void FailOver(TimeSpan clockOffset) => Become(Copy(_replica), clockOffset);

    /// <summary>The server's clock is set ahead or back; the server stays the same.</summary>
    public void SetClock(TimeSpan clockOffset) => _clockOffset = clockOffset;

    /// <summary>All keys are removed; the server stays the same.</summary>
    public void Flush()
    {
        LoseWhatIsNotIn([]);
        _server.Partitions = [.. _server.Partitions.Select(_ => new ReferencePartition())];
    }

    /// <summary>Whether no connection can be made to the server that holds the partition of a script.</summary>
    public bool IsAway(RedisKey[] keys) =>
        IsDown || (LostPartition is { } partition && _server.Keys.Meta(partition) == keys[0]);

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
        var result = _server.Evaluate(keys, arguments);
        for (var i = 0; i < LatestEpochs.Length; i++)
        {
            LatestEpochs[i] = Math.Max(LatestEpochs[i], _server.Partitions[i].Position.Epoch);
        }

        return _scene.Flaw is Flaw.TimeNeverFalls ? WithoutFall(result) : result;
    }

    /// <summary>The answer with the partition's clock, which never goes back, in place of the server's time.</summary>
    private static RedisResult WithoutFall(RedisResult result)
    {
        var parts = (RedisResult[])result!;
        return RedisResult.Create([parts[0], parts[1], parts[2], parts[2], .. parts[4..]]);
    }

    private static ReferencePartition[] Copy(ReferencePartition[] partitions) =>
        [.. partitions.Select(partition => partition.Copy())];

    private static string RunId(long incarnation) =>
        string.Create(CultureInfo.InvariantCulture, $"{(uint)(incarnation * RunIdStep):x8}");

    // No two scripts run at one microsecond.
    private long Tick() => StoreTime.FromInstant(_scene.Time.GetUtcNow() + _clockOffset) + ++_ticks;

    private void Become(ReferencePartition[] partitions, TimeSpan clockOffset)
    {
        LoseWhatIsNotIn(partitions);
        (_server.Partitions, _clockOffset) = (partitions, clockOffset);
        _server.Instance = RunId(_scene.Flaw is Flaw.NoEpoch ? 0 : ++_incarnation);
    }

    private void LoseWhatIsNotIn(ReferencePartition[] partitions) =>
        _lost.UnionWith(
            _values
                .Select(value => SubjectId.TryParse(value.Id, out var subject) ? subject : default)
                .Where(subject => partitions.Length is 0 || partitions[PartitionOf(subject)].Find(subject) is null)
        );

    private void TakeNote(int partition, string text)
    {
        foreach (var entry in ChangeMessage.TryParse(text, out var message) ? message!.Entries : [])
        {
            _written.Add((entry.Subject.ToString(), entry.Availability, entry.Revision));
            _values.Add((entry.Subject.ToString(), entry.Availability));
        }

        Publish(partition, text);
    }
}
