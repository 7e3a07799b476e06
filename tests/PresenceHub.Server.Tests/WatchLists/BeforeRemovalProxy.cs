using System.Reflection;
using StackExchange.Redis;

namespace PresenceHub.Server.Tests.WatchLists;

/// <summary>A connection to Redis that lets something else happen just before a member is removed from a set.</summary>
public class BeforeRemovalProxy : DispatchProxy
{
    private object _target = null!;
    private Func<Task> _before = null!;

    public static IConnectionMultiplexer Wrap(IConnectionMultiplexer redis, Func<Task> before) =>
        Wrap<IConnectionMultiplexer>(redis, before);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name switch
        {
            nameof(IConnectionMultiplexer.GetDatabase) => Wrap<IDatabase>(
                ((IConnectionMultiplexer)_target).GetDatabase(),
                _before
            ),
            nameof(IDatabase.SetRemoveAsync) when args is [RedisKey key, RedisValue member, CommandFlags flags] =>
                RemoveAsync(key, member, flags),
            _ => targetMethod.Invoke(_target, args),
        };

    private static T Wrap<T>(T target, Func<Task> before)
        where T : class
    {
        var proxy = Create<T, BeforeRemovalProxy>();
        (((BeforeRemovalProxy)(object)proxy)._target, ((BeforeRemovalProxy)(object)proxy)._before) = (target, before);
        return proxy;
    }

    private async Task<bool> RemoveAsync(RedisKey key, RedisValue member, CommandFlags flags)
    {
        await _before();
        return await ((IDatabase)_target).SetRemoveAsync(key, member, flags);
    }
}
