using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace PresenceHub.Verification.Simulation;

/// <summary>The nodes of one simulation with their store, their clients and the links between them, on one
/// thread.</summary>
[SuppressMessage("Security", "CA5394", Justification = "The order has to follow from the seed.")]
internal sealed class SimulatedHub : IDisposable
{
    private const int NodeCount = 2;
    private const int ClientCount = 3;
    private const int MaxIdleTurns = 10_000;

    private static readonly IHubProtocol[] Protocols = [new JsonHubProtocol(), new MessagePackHubProtocol()];

    /// <summary>A turn of the position checks, and the time that messages in flight are given.</summary>
    private static readonly TimeSpan[] Turn = [TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(250)];

    private readonly Scene _scene;
    private readonly StepContext _context = new();
    private readonly SynchronizationContext? _outer = SynchronizationContext.Current;
    private readonly SimulatedNode[] _nodes = new SimulatedNode[NodeCount];
    private readonly SimulatedClient[] _clients = new SimulatedClient[ClientCount];

    public SimulatedHub(Scene scene)
    {
        _scene = scene;
        SynchronizationContext.SetSynchronizationContext(_context);
        Redis = new SimulatedRedis(scene);
        Links = new RedisLinks(scene, Redis);
        Redis.Publish = (partition, message) => Links.Publish(partition, message, _nodes);
        for (var i = 0; i < NodeCount; i++)
        {
            _nodes[i] = NewNode(i);
        }

        for (var i = 0; i < ClientCount; i++)
        {
            _clients[i] = new SimulatedClient($"client {i}", Protocols[i % Protocols.Length], scene, Redis);
            foreach (var subject in Scene.Subjects[1..])
            {
                _clients[i].Watch(subject.ToString());
            }
        }
    }

    public SimulatedRedis Redis { get; }

    public RedisLinks Links { get; }

    public IReadOnlyList<SimulatedNode> Nodes => _nodes;

    public IReadOnlyList<SimulatedClient> Clients => _clients;

    public SimulatedNode RandomNode => _nodes[_scene.Random.Next(NodeCount)];

    public SimulatedClient RandomClient => _clients[_scene.Random.Next(ClientCount)];

    public void Dispose()
    {
        SynchronizationContext.SetSynchronizationContext(_outer);
        Array.ForEach(_nodes, node => node.Dispose());
        Array.ForEach(_clients, client => client.Dispose());
    }

    /// <summary>Runs everything that is ready.</summary>
    public void Drain() => _context.Drain();

    public bool Deliver(SimulatedNode node) => Links.Deliver(node, _scene.Random.Next(_scene.Options.Partitions));

    public bool Receive(SimulatedClient client)
    {
        if (client.Connection is not { HasWire: true } connection)
        {
            return client.Connection?.Release() is true;
        }

        var received = client.Receive();
        _scene.Trace?.Add($"{client.Name} receives {received}");
        if (connection.HasUnreadable)
        {
            _scene.Violations.Add($"{client.Name} was sent what cannot be read");
        }

        return true;
    }

    public bool RunCallback(SimulatedClient client)
    {
        if (!client.HasCallbacks)
        {
            return false;
        }

        client.RunCallback();
        _scene.Trace?.Add($"{client.Name} shows {string.Join(", ", client.View.Values.Select(Scene.Text))}");
        return true;
    }

    /// <summary>Connects the client, or makes its next call.</summary>
    public void Call(SimulatedClient client)
    {
        if (client.Connection is null or { IsCut: true })
        {
            if (client.Connection is not null)
            {
                client.Disconnect();
            }

            client.Connect(RandomNode);
            _scene.Trace?.Add($"{client.Name} connects to {client.Node!.Name}");
        }
        else if (!client.IsCalling)
        {
            client.Call();
            if (client.IsCalling)
            {
                _scene.Trace?.Add($"{client.Name} calls {client.Node!.Name}, {client.Calling}");
            }
        }
    }

    /// <summary>Compares the positions of a node with the store, unless it is doing so.</summary>
    public void Check(SimulatedNode node)
    {
        if (!node.IsChecking)
        {
            _scene.Trace?.Add($"{node.Name} checks its positions");
            node.Check();
        }
    }

    public void Advance(TimeSpan time)
    {
        _scene.Time.Advance(time);
        _scene.Trace?.Add($"{time} pass");
        Array.ForEach(_nodes, node => node.CloseStuck());
        Array.ForEach(_clients, client => client.CheckView());
    }

    /// <summary>Replaces a node by one that holds nothing. Its connections are closed.</summary>
    public void Restart(SimulatedNode node)
    {
        _scene.Trace?.Add($"{node.Name} restarts");
        foreach (var client in _clients.Where(client => client.Node == node))
        {
            client.Disconnect();
        }

        node.Dispose();
        var index = Array.IndexOf(_nodes, node);
        _nodes[index] = NewNode(index);
    }

    /// <summary>
    /// The time in which everything has to agree. Two turns of checks, because a node may find in its turn what another
    /// node needs, whose turn was just before.
    /// </summary>
    public void Settle()
    {
        FinishAll();
        for (var i = 0; i < 2; i++)
        {
            TakeTurn();
        }
    }

    /// <summary>Checks that clients were sent what their nodes hold. Nothing may be in flight.</summary>
    public void CheckNothingMissed() => Array.ForEach(_clients, client => client.CheckNothingMissed());

    /// <summary>One turn of checks in which nothing new happens, so that nodes sync and cursors advance as far as the
    /// present faults allow.</summary>
    public void TakeTurn()
    {
        foreach (var time in Turn)
        {
            Advance(time);
            FinishAll();
            Array.ForEach(_nodes, Check);
            FinishAll();
        }

        CheckNothingMissed();
    }

    /// <summary>Runs until nothing is in flight.</summary>
    public void FinishAll()
    {
        for (var turn = 0; turn < MaxIdleTurns; turn++)
        {
            if (!Work())
            {
                return;
            }
        }

        _scene.Violations.Add("The hub does not come to rest");
    }

    /// <summary>Runs one of everything that is in flight. False when there is nothing left.</summary>
    private bool Work()
    {
        Drain();
        var isBusy = Links.Step();
        foreach (var node in _nodes)
        {
            isBusy |= Deliver(node);
            node.Flush();
        }

        foreach (var client in _clients)
        {
            isBusy |= client.Connection is null or { IsCut: true } || client.IsCalling;
            Call(client);
            Drain();
            isBusy |= client.IsCalling | Receive(client) | RunCallback(client);
        }

        return isBusy || _nodes.Any(node => !node.IsStarved && node.InFlight.Any(messages => messages.Count > 0));
    }

    private SimulatedNode NewNode(int index)
    {
        var skew = TimeSpan.FromSeconds(_scene.Random.Next(-600, 600));
        var node = new SimulatedNode($"node {index}", skew, _scene, Redis, Links.SendAsync);
        node.Mirror.Changed += entries =>
            _scene.Trace?.Add(
                $"{node.Name} learns {string.Join(", ", entries.Select(entry => Scene.Text(entry.ToContract())))}"
            );
        return node;
    }
}
