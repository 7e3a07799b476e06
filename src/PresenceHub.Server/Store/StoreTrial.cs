using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>A command without effect, in the form in which the hub sends it. Redis checks the permissions of the user
/// first.</summary>
internal sealed record StoreTrial(string Command, object[] Arguments, string Object)
{
    /// <summary>
    /// The name of no script. The scripts of the store need keys: the embedded store prints critical lines when one
    /// calls a command with a key that is missing.
    /// </summary>
    private static readonly string NoScript = new('0', 40);

    /// <summary>One trial for each command that the library sends, and for each kind of key and channel.</summary>
    public static IEnumerable<StoreTrial> All(StoreKeys keys, StoreChannels channels)
    {
        var (plain, tagged) = (keys.Trial, keys.TrialOf(0));

        // The key has another type than the other trials expect, so that they write nothing. It expires within
        // seconds.
        yield return Of("SET", plain, string.Empty, "PX", 10_000);
        yield return Of("SET", tagged, string.Empty, "PX", 10_000);
        foreach (var key in new[] { plain, tagged })
        {
            yield return Of("HMGET", key, "f");
            yield return Of("HSET", key, "f", "v");
            yield return Of("PEXPIRE", key, 10_000);
        }

        yield return Of("SETEX", plain, 10, string.Empty);
        yield return Of("PSETEX", plain, 10_000, string.Empty);
        yield return Of("GET", plain);
        yield return Of("SETNX", plain, string.Empty);
        yield return Of("EXISTS", plain);
        yield return Of("EXPIRE", plain, 10);
        yield return Of("HGET", plain, "f");
        yield return Of("HGETALL", plain);
        yield return Of("HDEL", plain, "f");
        yield return Of("SADD", plain, "m");
        yield return Of("SREM", plain, "m");
        yield return Of("SMEMBERS", plain);
        yield return Of("RPUSH", plain, "v");
        yield return Of("LRANGE", plain, 0, 0);
        yield return new StoreTrial("TIME", [], string.Empty);
        yield return new StoreTrial("EVALSHA", [NoScript, 0], string.Empty);
        yield return new StoreTrial("EVAL", ["return 1", 0], string.Empty);
        foreach (var key in new[] { plain, tagged })
        {
            yield return Of("DEL", key);
        }

        var channel = keys.Probe(0, "trial");
        yield return new StoreTrial(
            (string)channels.PublishCommand!,
            [channel, string.Empty],
            $"the channel {channel}"
        );
        yield return new StoreTrial("PUBLISH", [keys.TrialChannel, string.Empty], $"the channel {keys.TrialChannel}");
    }

    /// <summary>The command, unless Redis refuses only its key or channel.</summary>
    public string NameOfRefused(string message) =>
        message.Contains("permissions to access", StringComparison.OrdinalIgnoreCase)
            ? Object
            : $"the command {Command}";

    private static StoreTrial Of(string command, RedisKey key, params object[] arguments) =>
        new(command, [key, .. arguments], $"the key {key}");
}
