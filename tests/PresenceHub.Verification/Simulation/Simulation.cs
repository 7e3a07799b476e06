using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.SignalR.Protocol;
using PresenceHub.Contracts;
using PresenceHub.Server.Store;

namespace PresenceHub.Verification.Simulation;

/// <summary>
/// A hub of several nodes, its store and its clients on one thread, in an order that one seed decides. What can be
/// lost, repeated, overtaken or cut is, until the end; then everything has to agree.
/// </summary>
[SuppressMessage("Security", "CA5394", Justification = "The order has to follow from the seed.")]
internal sealed partial class Simulation : IDisposable
{
    private const int NodeCount = 2;
    private const int ClientCount = 3;

    private static readonly IHubProtocol[] Protocols = [new JsonHubProtocol(), new MessagePackHubProtocol()];

    private static readonly SubjectId[] Subjects =
    [
        .. Enumerable.Range(1, 4).Select(number => new SubjectId(new Guid(number, 0, 0, new byte[8]))),
    ];

    /// <summary>One in so many messages, requests and answers gets lost, repeated or overtaken.</summary>
    private static readonly int[] FailureEvery = [10, 30, 100];

    private readonly Scene _scene;
    private readonly Random _random;
    private readonly List<string>? _trace;
    private readonly StepContext _context = new();
    private readonly SynchronizationContext? _outer = SynchronizationContext.Current;
    private readonly SimulatedRedis _redis;
    private readonly RedisLinks _links;
    private readonly SimulatedNode[] _nodes = new SimulatedNode[NodeCount];
    private readonly SimulatedClient[] _clients = new SimulatedClient[ClientCount];
    private readonly Dictionary<SubjectId, string> _truth = [];
    private readonly List<Action<SimulatedNode, SimulatedClient>> _faults;
    private int _writes;

    public Simulation(int seed, Flaw flaw, List<string>? trace)
    {
        (_random, _trace) = (new Random(seed), trace);
        _scene = new Scene(_random, flaw, trace);
        SynchronizationContext.SetSynchronizationContext(_context);
        _redis = new SimulatedRedis(_scene);
        _links = new RedisLinks(_scene, _redis);
        _redis.Publish = (partition, message) => _links.Publish(partition, message, _nodes);
        for (var i = 0; i < NodeCount; i++)
        {
            _nodes[i] = NewNode(i);
        }

        for (var i = 0; i < ClientCount; i++)
        {
            _clients[i] = new SimulatedClient($"client {i}", Protocols[i % Protocols.Length], _scene, _redis);
            foreach (var subject in Subjects[1..])
            {
                _clients[i].Watch(subject.ToString());
            }
        }

        _faults = ChooseFaults();
        _links.FailureEvery = FailureEvery[_random.Next(FailureEvery.Length)];
        if (_random.Next(4) is not 0)
        {
            Begin();
        }
    }

    /// <returns>The first promise that was broken; null when all were kept.</returns>
    public string? Run(int steps)
    {
        for (var step = 0; step < steps && _scene.Violations.Count is 0; step++)
        {
            Step();
            _context.Drain();
            DispatchMost();
        }

        if (_scene.Violations.Count is 0)
        {
            End();
        }

        return _scene.Violations.FirstOrDefault();
    }

    public void Dispose()
    {
        SynchronizationContext.SetSynchronizationContext(_outer);
        Array.ForEach(_nodes, node => node.Dispose());
        Array.ForEach(_clients, client => client.Dispose());
    }

    private void Step()
    {
        var node = _nodes[_random.Next(NodeCount)];
        var client = _clients[_random.Next(ClientCount)];
        switch (_random.Next(100))
        {
            case < 28:
                Repeat(8, _links.Step);
                break;
            case < 42:
                ForSome(_nodes, other =>
                    Repeat(6, () => _links.Deliver(other, _random.Next(_scene.Options.Partitions)))
                );
                break;
            case < 50:
                ForSome(_nodes, other => other.Flush());
                break;
            case < 60:
                ForSome(_clients, other => Repeat(4, () => Receive(other)));
                break;
            case < 68:
                ForSome(_clients, other => Repeat(4, () => RunCallback(other)));
                break;
            case < 75:
                ForSome(_clients, Call);
                break;
            case < 80:
                Observe(node, Subjects[_random.Next(Subjects.Length)]);
                break;
            case < 88:
                Check(node);
                break;
            case < 92:
                Advance(TimeSpan.FromMilliseconds(_random.Next(600)));
                break;
            case < 93:
                Advance(TimeSpan.FromSeconds(_random.Next(20)));
                break;
            case < 95:
                Rest();
                break;
            case < 96:
                _trace?.Add("the replica catches up");
                _redis.Replicate();
                break;
            default:
                Disturb(node, client);
                break;
        }
    }

    /// <summary>The dispatcher has a thread of its own: most often it is done before anything else happens.</summary>
    private void DispatchMost()
    {
        foreach (var node in _nodes)
        {
            if (_random.Next(4) is not 0)
            {
                node.Dispatch();
            }
        }
    }

    private void ForSome<T>(T[] all, Action<T> act)
    {
        foreach (var one in all)
        {
            if (_random.Next(3) is not 0)
            {
                act(one);
                _context.Drain();
            }
        }
    }

    private void Repeat(int most, Func<bool> act)
    {
        for (var i = _random.Next(most); i >= 0; i--)
        {
            act();
            _context.Drain();
        }
    }

    private SimulatedNode NewNode(int index)
    {
        var skew = TimeSpan.FromSeconds(_random.Next(-600, 600));
        var node = new SimulatedNode($"node {index}", skew, _scene, _redis, _links.SendAsync);
        node.Mirror.Changed += entries =>
            _trace?.Add($"{node.Name} learns {string.Join(", ", entries.Select(entry => Text(entry.ToContract())))}");
        return node;
    }

    private bool Receive(SimulatedClient client)
    {
        if (client.Connection is not { HasWire: true } connection)
        {
            client.Connection?.Release();
            return false;
        }

        var received = client.Receive();
        _trace?.Add($"{client.Name} receives {received}");
        if (connection.HasUnreadable)
        {
            _scene.Violations.Add($"{client.Name} was sent what cannot be read");
        }

        return true;
    }

    private bool RunCallback(SimulatedClient client)
    {
        if (!client.HasCallbacks)
        {
            return false;
        }

        client.RunCallback();
        _trace?.Add($"{client.Name} shows {string.Join(", ", client.View.Values.Select(Text))}");
        return true;
    }

    private void Call(SimulatedClient client)
    {
        if (client.Connection is null or { IsCut: true })
        {
            if (client.Connection is not null)
            {
                client.Disconnect();
            }

            client.Connect(_nodes[_random.Next(NodeCount)]);
            _trace?.Add($"{client.Name} connects to {client.Node!.Name}");
        }
        else if (!client.IsCalling)
        {
            client.Call();
            if (client.IsCalling)
            {
                _trace?.Add($"{client.Name} calls {client.Node!.Name}, {client.Calling}");
            }
        }
    }

    /// <summary>A presence is read, and mostly it differs from the one before.</summary>
    private void Observe(SimulatedNode node, SubjectId subject)
    {
        if (_random.Next(4) is 0 && _truth.TryGetValue(subject, out var value))
        {
            _trace?.Add($"{node.Name} confirms {value} of {Text(subject)}");
        }
        else
        {
            _truth[subject] = value = $"v{++_writes}";
            _trace?.Add($"{node.Name} writes {value} of {Text(subject)}");
        }

        _ = ApplyAsync(
            node,
            _random.Next(3) is 0
                ? new Observation(
                    subject,
                    value,
                    value,
                    $"{_writes:D10}",
                    node.Clock.Now,
                    ObservationSource.Notification
                )
                : new Observation(subject, value, value, null, node.Clock.Now, ObservationSource.Poll)
        );
    }

    private async Task ApplyAsync(SimulatedNode node, Observation observation)
    {
        try
        {
            await node.WriteAsync(observation);
        }
        catch (TimeoutException)
        {
            // It may have been written or not; Graph is read again later.
        }
        catch (Exception exception)
        {
            _scene.Violations.Add($"{node.Name} wrote and got {exception}");
        }
    }

    private void Check(SimulatedNode node)
    {
        if (!node.IsChecking)
        {
            _trace?.Add($"{node.Name} checks its positions");
            node.Check();
        }
    }

    private void Advance(TimeSpan time)
    {
        _scene.Time.Advance(time);
        _trace?.Add($"{time} pass");
        Array.ForEach(_nodes, node => node.CloseStuck());
        Array.ForEach(_clients, client => client.CheckView());
    }

    private static string Text(SubjectId subject) => subject.ToString()[..8];

    private static string Text(PresenceEntry entry) =>
        $"{entry.Id[..8]} {entry.Availability} {entry.Freshness} ({entry.Epoch}, {entry.Revision})";
}
