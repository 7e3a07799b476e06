using System.Reflection;
using StackExchange.Redis;

namespace PresenceHub.Server.Tests.Ingest;

/// <summary>A connection to Redis on which scripts fail if their first key is on a shard that is away.</summary>
public class LostKeysProxy : DispatchProxy
{
    private object _target = null!;
    private Predicate<RedisKey> _isLost = null!;

    public static IConnectionMultiplexer Wrap(IConnectionMultiplexer redis, Predicate<RedisKey> isLost) =>
        Wrap<IConnectionMultiplexer>(redis, isLost);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name switch
        {
            nameof(IConnectionMultiplexer.GetDatabase) => Wrap<IDatabase>(
                ((IConnectionMultiplexer)_target).GetDatabase(),
                _isLost
            ),
            nameof(IDatabase.ScriptEvaluateAsync) when args![1] is RedisKey[] keys && _isLost(keys[0]) =>
                Task.FromException<RedisResult>(new TimeoutException("the shard is away")),
            _ => targetMethod.Invoke(_target, args),
        };

    private static T Wrap<T>(T target, Predicate<RedisKey> isLost)
        where T : class
    {
        var proxy = Create<T, LostKeysProxy>();
        (((LostKeysProxy)(object)proxy)._target, ((LostKeysProxy)(object)proxy)._isLost) = (target, isLost);
        return proxy;
    }
}
