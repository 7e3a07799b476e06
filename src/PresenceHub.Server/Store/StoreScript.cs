using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>A script of the store. It is run by its hash; a server without the script gets its text.</summary>
internal sealed class StoreScript
{
    private readonly string _text;
    private readonly byte[] _hash;

    private StoreScript(string text)
    {
        _text = text;
#pragma warning disable CA5350 // Redis names scripts by their SHA-1; nothing is protected by it.
        _hash = SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350
    }

    public static StoreScript Apply { get; } = new(Load("fence.lua") + Load("apply.lua"));

    public static StoreScript Read { get; } = new(Load("fence.lua") + Load("read.lua"));

    /// <summary>As Redis names it.</summary>
    public string Name => Convert.ToHexStringLower(_hash);

    public async Task<RedisResult[]> EvaluateAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            return (RedisResult[])
                (await database.ScriptEvaluateAsync(_hash, keys, arguments, CommandFlags.DemandMaster))!;
        }
        catch (RedisServerException exception) when (exception.Kind is RedisErrorKind.NoScript)
        {
            return (RedisResult[])
                (await database.ScriptEvaluateAsync(_text, keys, arguments, CommandFlags.DemandMaster))!;
        }
    }

    private static string Load(string name)
    {
        using var stream = Assembly
            .GetExecutingAssembly()
            .GetManifestResourceStream($"PresenceHub.Server.Store.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd() + "\n";
    }
}
