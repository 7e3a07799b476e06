using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;
using StackExchange.Redis;

namespace PresenceHub.Server.People;

/// <summary>
/// What Graph has said about people, in Redis for all nodes. Each key expires: one with a person after
/// <see cref="PeopleOptions.Lifetime"/>, one without after <see cref="PeopleOptions.MissingLifetime"/>.
/// </summary>
/// <remarks>Methods throw <see cref="RedisException"/> or <see cref="TimeoutException"/> when the server cannot be
/// reached.</remarks>
internal sealed class PeopleCache(IConnectionMultiplexer redis, RedisNames names, IOptions<PeopleOptions> options)
{
    private readonly PeopleOptions _options = options.Value;

    /// <summary>What is kept of each key, in the same order; null where nothing is.</summary>
    public async Task<IReadOnlyList<KnownPerson?>> ReadAsync(IReadOnlyList<PersonKey> keys)
    {
        var database = redis.GetDatabase();

        // Keys of a cluster are on several servers, so they are asked one by one, in one round trip to each.
        var values = await Task.WhenAll(keys.Select(key => database.StringGetAsync(NameOf(key))));
        return [.. values.Select(Read)];
    }

    public Task WriteAsync(IReadOnlyDictionary<PersonKey, KnownPerson> known)
    {
        var database = redis.GetDatabase();
        return Task.WhenAll(
            known.Select(item =>
                database.StringSetAsync(
                    NameOf(item.Key),
                    JsonSerializer.SerializeToUtf8Bytes(item.Value),
                    item.Value.Person is null ? _options.MissingLifetime : _options.Lifetime
                )
            )
        );
    }

    /// <summary>
    /// String: JSON of a <see cref="KnownPerson"/>. An address is hashed: it may have any length, and names of keys
    /// are shown by the tools of operators.
    /// </summary>
    private RedisKey NameOf(PersonKey key) =>
        key.Kind is KeyKind.Id
            ? $"{names.KeyPrefix}:people:id:{key.Text}"
            : $"{names.KeyPrefix}:people:email:{HashOf(key.Text)}";

    private static string HashOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static KnownPerson? Read(RedisValue value)
    {
        try
        {
            return value.IsNull ? null : JsonSerializer.Deserialize<KnownPerson>((byte[])value!);
        }
        catch (JsonException)
        {
            // Of another version of the hub: Graph is asked again.
            return null;
        }
    }
}
