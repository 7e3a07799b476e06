using System.Reflection;
using StackExchange.Redis;

namespace PresenceHub.Server.Tests.WatchLists;

/// <summary>A connection to Redis on which nothing is ever answered.</summary>
public class SilentRedis : DispatchProxy
{
    private static readonly MethodInfo Pending = typeof(SilentRedis).GetMethod(
        nameof(Never),
        BindingFlags.NonPublic | BindingFlags.Static
    )!;

    public static IConnectionMultiplexer Connect() => Create<IConnectionMultiplexer, SilentRedis>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name switch
        {
            nameof(IConnectionMultiplexer.GetDatabase) => Create<IDatabase, SilentRedis>(),
            nameof(IConnectionMultiplexer.GetSubscriber) => Create<ISubscriber, SilentRedis>(),
            _ => Pending.MakeGenericMethod(targetMethod.ReturnType.GetGenericArguments()).Invoke(null, null),
        };

    private static Task<T> Never<T>() => new TaskCompletionSource<T>().Task;
}
