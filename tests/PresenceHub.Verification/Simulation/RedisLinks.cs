using System.Diagnostics.CodeAnalysis;
using StackExchange.Redis;

namespace PresenceHub.Verification.Simulation;

/// <summary>What is on its way between the nodes and Redis. Requests run and answers arrive in any order; both can be
/// lost, and so can messages.</summary>
[SuppressMessage("Security", "CA5394", Justification = "The order has to follow from the seed.")]
internal sealed class RedisLinks(Scene scene, SimulatedRedis redis)
{
    private readonly List<Action> _steps = [];

    /// <summary>Whether anything gets lost, repeated or overtaken.</summary>
    public bool MayFail { get; set; } = true;

    /// <summary>One in so many does.</summary>
    public int FailureEvery { get; set; } = 1;

    public Task<RedisResult> SendAsync(RedisKey[] keys, RedisValue[] arguments)
    {
        var answer = new TaskCompletionSource<RedisResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _steps.Add(() => Run(keys, arguments, answer));
        return answer.Task;
    }

    /// <summary>Runs a request or hands over an answer. False when there is none.</summary>
    public bool Step()
    {
        if (_steps.Count is 0)
        {
            return false;
        }

        var index = scene.Random.Next(_steps.Count);
        var step = _steps[index];
        _steps.RemoveAt(index);
        step();
        return true;
    }

    public void Publish(int partition, string message, IEnumerable<SimulatedNode> nodes)
    {
        foreach (var node in nodes.Where(node => !node.IsDeaf))
        {
            if (!Fails())
            {
                node.InFlight[partition].Add(message);
            }

            if (Fails())
            {
                node.InFlight[partition].Add(message);
            }
        }
    }

    /// <summary>Hands over a message of the partition. False when there is none.</summary>
    public bool Deliver(SimulatedNode node, int partition)
    {
        var messages = node.InFlight[partition];
        if (messages.Count is 0 || node.IsStarved)
        {
            return false;
        }

        var index = Fails() ? scene.Random.Next(messages.Count) : 0;
        var message = messages[index];
        messages.RemoveAt(index);
        scene.Trace?.Add($"{node.Name} hears {message}");
        node.Follower.Receive(partition, message);
        return true;
    }

    private void Run(RedisKey[] keys, RedisValue[] arguments, TaskCompletionSource<RedisResult> answer)
    {
        if (redis.IsFrozen)
        {
            // The caller gives up; the request stays in the server's buffer and runs when it goes on.
            answer.TrySetException(new TimeoutException("no answer"));
            _steps.Add(() => Run(keys, arguments, answer));
            return;
        }

        if (redis.IsAway(keys) || Fails())
        {
            answer.TrySetException(new TimeoutException("no answer"));
            return;
        }

        var result = redis.Evaluate(keys, arguments);
        scene.Trace?.Add($"script on {string.Join(' ', keys)}: {string.Join(' ', (RedisResult[])result!)}");
        _steps.Add(() =>
        {
            if (Fails())
            {
                answer.TrySetException(new TimeoutException("the answer is lost"));
            }
            else
            {
                answer.TrySetResult(result);
            }
        });
    }

    private bool Fails() => MayFail && scene.Random.Next(FailureEvery) is 0;
}
