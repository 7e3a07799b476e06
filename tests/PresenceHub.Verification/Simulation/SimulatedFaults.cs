using System.Diagnostics.CodeAnalysis;

namespace PresenceHub.Verification.Simulation;

/// <summary>The faults of one simulation.</summary>
[SuppressMessage("Security", "CA5394", Justification = "The order has to follow from the seed.")]
internal sealed class SimulatedFaults
{
    /// <summary>One in so many messages, requests and answers gets lost, repeated or overtaken.</summary>
    private static readonly int[] LinkFailureEvery = [10, 30, 100];

    /// <summary>One in so many faults cuts a client. A node's mistake about what a client holds shows only when the
    /// client resumes.</summary>
    private const int CutEvery = 3;

    private readonly Scene _scene;
    private readonly SimulatedHub _hub;
    private readonly SimulatedRedis _redis;
    private readonly Random _random;
    private readonly List<Action> _faults;

    public SimulatedFaults(Scene scene, SimulatedHub hub)
    {
        (_scene, _hub, _redis, _random) = (scene, hub, hub.Redis, scene.Random);
        _faults = Choose();
        hub.Links.FailureEvery = LinkFailureEvery[_random.Next(LinkFailureEvery.Length)];
    }

    /// <summary>Begins a fault, or ends one.</summary>
    public void Disturb()
    {
        var node = _hub.RandomNode;
        if ((_redis.IsDown || _redis.IsFrozen || _redis.LostPartition is not null) && _random.Next(3) is not 0)
        {
            _scene.Trace?.Add("redis is back");
            (_redis.IsDown, _redis.IsFrozen, _redis.LostPartition) = (false, false, null);
        }
        else if ((node.IsDeaf || node.IsStarved) && _random.Next(3) is 0)
        {
            _scene.Trace?.Add($"{node.Name} follows again");
            node.IsDeaf = node.IsStarved = false;
        }
        else if (_random.Next(CutEvery) is 0)
        {
            Cut();
        }
        else
        {
            _faults[_random.Next(_faults.Count)]();
        }
    }

    public void EndAll()
    {
        _scene.Trace?.Add("no more faults");
        _hub.Links.MayFail = _redis.IsDown = _redis.IsFrozen = false;
        _redis.LostPartition = null;
        foreach (var node in _hub.Nodes)
        {
            node.IsDeaf = node.IsStarved = false;
            if (_random.Next(2) is 0)
            {
                Array.ForEach([.. node.InFlight], messages => messages.Clear());
            }
        }
    }

    /// <summary>Chooses some of all faults for a run. Faults that happen all the time hide the effects of the
    /// others.</summary>
    private List<Action> Choose()
    {
        Action[] all =
        [
            () => Replace("fails over", _redis.FailOver),
            () => Replace("restarts without data", _redis.RestartWithoutData),
            () => Replace("restarts with its data", _redis.Restart),
            SetClock,
            Flush,
            TakeAway,
            Freeze,
            LoseShard,
            Deafen,
            Starve,
            DropLink,
            RestartNode,
            Stick,
            ChangeWatchList,
        ];
        return [Cut, .. all.Where(_ => _random.Next(2) is 0)];
    }

    /// <summary>Another server takes over. Its clock may be behind only as long as a node can tell it of epochs that
    /// are later than its own.</summary>
    private void Replace(string how, Action<TimeSpan, int?> replace)
    {
        if (!_hub.Nodes.Any(Knows))
        {
            return;
        }

        var (clockOffset, shard) = (_scene.RandomClockOffset(), RandomShard());
        _scene.Trace?.Add($"redis {how}{Text(shard)}, with a clock off by {clockOffset}");
        replace(clockOffset, shard);
        if (_random.Next(2) is 0)
        {
            Array.ForEach([.. _hub.Nodes], node => node.MarkOutOfSync());
        }
    }

    private void SetClock()
    {
        var (clockOffset, shard) = (_scene.RandomClockOffset(), RandomShard());
        _scene.Trace?.Add($"the clock of redis{Text(shard)} is set to be off by {clockOffset}");
        _redis.SetClock(clockOffset, shard);
    }

    private void Flush()
    {
        if (_hub.Nodes.Any(Knows))
        {
            var shard = RandomShard();
            _scene.Trace?.Add($"redis{Text(shard)} is flushed");
            _redis.Flush(shard);
        }
    }

    private void TakeAway()
    {
        _scene.Trace?.Add("redis is away");
        _redis.IsDown = true;
    }

    private void Freeze()
    {
        _scene.Trace?.Add("redis freezes");
        _redis.IsFrozen = true;
    }

    private void LoseShard()
    {
        _redis.LostPartition = _random.Next(_scene.Options.Partitions);
        _scene.Trace?.Add($"the shard of partition {_redis.LostPartition} is away");
    }

    private void Deafen()
    {
        var node = _hub.RandomNode;
        _scene.Trace?.Add($"{node.Name} receives no messages");
        node.IsDeaf = true;
    }

    private void Starve()
    {
        var node = _hub.RandomNode;
        _scene.Trace?.Add($"{node.Name} has no time to follow");
        node.IsStarved = true;
    }

    private void DropLink()
    {
        var node = _hub.RandomNode;
        _scene.Trace?.Add($"{node.Name} loses its link");
        node.MarkOutOfSync();
    }

    private void RestartNode()
    {
        var node = _hub.RandomNode;
        if (_redis.IsOfLatestEpoch || _hub.Nodes.Any(other => other != node && Knows(other)))
        {
            _hub.Restart(node);
        }
    }

    private void Cut()
    {
        var client = _hub.RandomClient;
        if (client.Connection is not null)
        {
            _scene.Trace?.Add($"{client.Name} is cut");
            client.Disconnect();
        }
    }

    private void Stick()
    {
        var client = _hub.RandomClient;
        if (client.Connection is { } connection)
        {
            _scene.Trace?.Add($"{client.Name} is stuck");
            connection.IsStuck = true;
        }
    }

    private void ChangeWatchList()
    {
        var client = _hub.RandomClient;
        var subject = Scene.Subjects[_random.Next(Scene.Subjects.Length)].ToString();
        if (client.Wished.Contains(subject))
        {
            _scene.Trace?.Add($"{client.Name} unwatches {subject[..8]}");
            client.Unwatch(subject);
        }
        else
        {
            _scene.Trace?.Add($"{client.Name} watches {subject[..8]}");
            client.Watch(subject);
        }
    }

    private bool Knows(SimulatedNode node) =>
        Enumerable
            .Range(0, _scene.Options.Partitions)
            .All(partition => node.Clock.LatestEpochOf(partition) >= _redis.LatestEpochs[partition]);

    /// <summary>One partition of a cluster; null for the one server of all partitions.</summary>
    private int? RandomShard() => _scene.IsCluster ? _random.Next(_scene.Options.Partitions) : null;

    private static string Text(int? shard) => shard is null ? string.Empty : $" (shard {shard})";
}
