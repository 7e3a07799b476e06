namespace PresenceHub.Verification.Simulation;

/// <summary>What happens to the hub.</summary>
internal sealed partial class Simulation
{
    /// <summary>A run knows only some of all faults, since those that happen all the time hide what the others would
    /// do.</summary>
    private List<Action<SimulatedNode, SimulatedClient>> ChooseFaults()
    {
        Action<SimulatedNode, SimulatedClient>[] all =
        [
            (_, _) => Replace("fails over", _redis.FailOver),
            (_, _) => Replace("restarts without data", _redis.RestartWithoutData),
            (_, _) => Replace("restarts with its data", _redis.Restart),
            (_, _) => SetClock(),
            (_, _) => Flush(),
            (_, _) => GoAway(),
            (_, _) => Freeze(),
            (_, _) => LoseShard(),
            (node, _) => Deafen(node),
            (node, _) => Starve(node),
            (node, _) => Doubt(node),
            (node, _) => RestartNode(node),
            (_, client) => Stick(client),
            (_, client) => ChangeMind(client),
        ];
        return [(_, client) => Cut(client), .. all.Where(_ => _random.Next(2) is 0)];
    }

    private void Disturb(SimulatedNode node, SimulatedClient client)
    {
        if ((_redis.IsDown || _redis.IsFrozen || _redis.LostPartition is not null) && _random.Next(3) is not 0)
        {
            _trace?.Add("redis is back");
            (_redis.IsDown, _redis.IsFrozen, _redis.LostPartition) = (false, false, null);
        }
        else if ((node.IsDeaf || node.IsStarved) && _random.Next(3) is 0)
        {
            _trace?.Add($"{node.Name} follows again");
            node.IsDeaf = node.IsStarved = false;
        }
        else
        {
            _faults[_random.Next(_faults.Count)](node, client);
        }
    }

    /// <summary>Another server takes over. Its clock may be behind only as long as a node can tell it of later epochs
    /// than its own.</summary>
    private void Replace(string how, Action<TimeSpan> replace)
    {
        if (!_nodes.Any(Knows))
        {
            return;
        }

        var clockOffset = RandomClockOffset();
        _trace?.Add($"redis {how}, with a clock off by {clockOffset}");
        replace(clockOffset);
        if (_random.Next(2) is 0)
        {
            Array.ForEach(_nodes, node => node.MarkOutOfSync());
        }
    }

    private void SetClock()
    {
        var clockOffset = RandomClockOffset();
        _trace?.Add($"the clock of redis is set to be off by {clockOffset}");
        _redis.SetClock(clockOffset);
    }

    private TimeSpan RandomClockOffset() => _scene.ClockSpread * ((2 * _random.NextDouble()) - 1);

    private void Flush()
    {
        if (_nodes.Any(Knows))
        {
            _trace?.Add("redis is flushed");
            _redis.Flush();
        }
    }

    private void GoAway()
    {
        _trace?.Add("redis is away");
        _redis.IsDown = true;
    }

    private void Freeze()
    {
        _trace?.Add("redis freezes");
        _redis.IsFrozen = true;
    }

    private void LoseShard()
    {
        _redis.LostPartition = _random.Next(_scene.Options.Partitions);
        _trace?.Add($"the shard of partition {_redis.LostPartition} is away");
    }

    private void Deafen(SimulatedNode node)
    {
        _trace?.Add($"{node.Name} hears nothing");
        node.IsDeaf = true;
    }

    private void Starve(SimulatedNode node)
    {
        _trace?.Add($"{node.Name} has no time to follow");
        node.IsStarved = true;
    }

    private void Doubt(SimulatedNode node)
    {
        _trace?.Add($"{node.Name} doubts");
        node.MarkOutOfSync();
    }

    private void RestartNode(SimulatedNode node)
    {
        if (!_redis.IsOfLatestEpoch && !_nodes.Any(other => other != node && Knows(other)))
        {
            return;
        }

        _trace?.Add($"{node.Name} restarts");
        foreach (var client in _clients.Where(client => client.Node == node))
        {
            client.Disconnect();
        }

        node.Dispose();
        var index = Array.IndexOf(_nodes, node);
        _nodes[index] = NewNode(index);
    }

    private bool Knows(SimulatedNode node) =>
        Enumerable
            .Range(0, _scene.Options.Partitions)
            .All(partition => node.Clock.LatestEpochOf(partition) >= _redis.LatestEpochs[partition]);

    private void Cut(SimulatedClient client)
    {
        if (client.Connection is not null)
        {
            _trace?.Add($"{client.Name} is cut");
            client.Disconnect();
        }
    }

    private void Stick(SimulatedClient client)
    {
        if (client.Connection is { } connection)
        {
            _trace?.Add($"{client.Name} is stuck");
            connection.IsStuck = true;
        }
    }

    private void ChangeMind(SimulatedClient client)
    {
        var subject = Subjects[_random.Next(Subjects.Length)].ToString();
        if (client.Wished.Contains(subject))
        {
            _trace?.Add($"{client.Name} unwatches {subject[..8]}");
            client.Unwatch(subject);
        }
        else
        {
            _trace?.Add($"{client.Name} watches {subject[..8]}");
            client.Watch(subject);
        }
    }
}
