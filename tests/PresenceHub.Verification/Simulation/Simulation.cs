using System.Diagnostics.CodeAnalysis;

namespace PresenceHub.Verification.Simulation;

/// <summary>
/// A hub of several nodes, its store and its clients on one thread, in an order that one seed decides. What can be
/// lost, repeated, overtaken or cut is, until the end; then everything has to agree.
/// </summary>
[SuppressMessage("Security", "CA5394", Justification = "The order has to follow from the seed.")]
internal sealed class Simulation : IDisposable
{
    private readonly Scene _scene;
    private readonly Random _random;
    private readonly SimulatedHub _hub;
    private readonly SimulatedGraph _graph;
    private readonly SimulatedFaults _faults;

    public Simulation(int seed, Flaw flaw, List<string>? trace)
    {
        _random = new Random(seed);
        _scene = new Scene(_random, flaw, trace);
        _hub = new SimulatedHub(_scene);
        _graph = new SimulatedGraph(_scene, _hub);
        _faults = new SimulatedFaults(_scene, _hub);
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
            _hub.Drain();
            DispatchMost();
        }

        if (_scene.Violations.Count is 0)
        {
            _faults.EndAll();
            new Ending(_scene, _hub, _graph).Run();
        }

        return _scene.Violations.FirstOrDefault();
    }

    public void Dispose() => _hub.Dispose();

    /// <summary>Brings everything in sync before the first fault.</summary>
    private void Begin()
    {
        _hub.Links.MayFail = false;
        foreach (var subject in Scene.Subjects)
        {
            _graph.Observe(_hub.Nodes[0], subject);
        }

        _hub.Settle();
        _hub.Links.MayFail = true;
    }

    private void Step()
    {
        switch (_random.Next(100))
        {
            case < 28:
                Repeat(8, _hub.Links.Step);
                break;
            case < 42:
                ForSome(_hub.Nodes, node => Repeat(6, () => _hub.Deliver(node)));
                break;
            case < 50:
                ForSome(_hub.Nodes, node => node.Flush());
                break;
            case < 60:
                ForSome(_hub.Clients, client => Repeat(4, () => _hub.Receive(client)));
                break;
            case < 68:
                ForSome(_hub.Clients, client => Repeat(4, () => _hub.RunCallback(client)));
                break;
            case < 75:
                ForSome(_hub.Clients, _hub.Call);
                break;
            case < 80:
                _graph.Observe(_hub.RandomNode, Scene.Subjects[_random.Next(Scene.Subjects.Length)]);
                break;
            case < 88:
                _hub.Check(_hub.RandomNode);
                break;
            case < 92:
                _hub.Advance(TimeSpan.FromMilliseconds(_random.Next(600)));
                break;
            case < 93:
                _hub.Advance(TimeSpan.FromSeconds(_random.Next(20)));
                break;
            case < 95:
                Rest();
                break;
            case < 96:
                _scene.Trace?.Add("the replica catches up");
                _hub.Redis.Replicate();
                break;
            default:
                _faults.Disturb();
                break;
        }
    }

    private void Rest()
    {
        if (_hub.Redis is { IsDown: false, IsFrozen: false, LostPartition: null })
        {
            _hub.TakeTurn();
        }
    }

    /// <summary>The dispatcher has its own thread: in most cases it is done before anything else happens.</summary>
    private void DispatchMost()
    {
        foreach (var node in _hub.Nodes)
        {
            if (_random.Next(4) is not 0)
            {
                node.Dispatch();
            }
        }
    }

    private void ForSome<T>(IReadOnlyList<T> all, Action<T> act)
    {
        foreach (var one in all)
        {
            if (_random.Next(3) is not 0)
            {
                act(one);
                _hub.Drain();
            }
        }
    }

    private void Repeat(int most, Func<bool> act)
    {
        for (var i = _random.Next(most); i >= 0; i--)
        {
            act();
            _hub.Drain();
        }
    }
}
