using System.Reflection;
using StackExchange.Redis;

namespace PresenceHub.Testing.Reference;

/// <summary>Stands in for a connection to Redis of which only scripts are run.</summary>
public class ScriptProxy : DispatchProxy
{
    private Func<object, RedisKey[], RedisValue[], Task<RedisResult>> _evaluate = null!;
    private IDatabase? _database;

    /// <summary>A multiplexer whose scripts, named by hash or text, are run by <paramref name="evaluate"/>.</summary>
    public static IConnectionMultiplexer Connect(Func<object, RedisKey[], RedisValue[], Task<RedisResult>> evaluate)
    {
        var database = Create<IDatabase, ScriptProxy>();
        ((ScriptProxy)(object)database)._evaluate = evaluate;
        var multiplexer = Create<IConnectionMultiplexer, ScriptProxy>();
        ((ScriptProxy)(object)multiplexer)._database = database;
        return multiplexer;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod?.Name switch
        {
            nameof(IConnectionMultiplexer.GetDatabase) => _database,
            nameof(IConnectionMultiplexer.GetServers) => Array.Empty<IServer>(),
            $"add_{nameof(IConnectionMultiplexer.ConnectionRestored)}"
            or $"remove_{nameof(IConnectionMultiplexer.ConnectionRestored)}" => null,
            nameof(IDatabase.ScriptEvaluateAsync) => _evaluate(args![0]!, (RedisKey[])args[1]!, (RedisValue[])args[2]!),
            var name => throw new NotSupportedException($"{name} is not simulated"),
        };
}
