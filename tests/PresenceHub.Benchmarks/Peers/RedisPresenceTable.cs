using System.Text.Json;
using PresenceHub.Contracts;
using StackExchange.Redis;

namespace PresenceHub.Benchmarks.Peers;

/// <summary>One string of JSON per subject, written and read with MSET and MGET.</summary>
internal sealed class RedisPresenceTable(IConnectionMultiplexer redis) : IPresenceTable
{
    public Task SetAsync(IReadOnlyList<PresenceEntry> entries) =>
        redis
            .GetDatabase()
            .StringSetAsync([.. entries.Select(entry => KeyValuePair.Create(KeyOf(entry.Id), Write(entry)))]);

    public async Task<IReadOnlyList<PresenceEntry>> GetAsync(IReadOnlyList<string> ids)
    {
        var values = await redis.GetDatabase().StringGetAsync([.. ids.Select(KeyOf)]);
        return [.. values.Where(value => !value.IsNull).Select(Read)];
    }

    private static RedisKey KeyOf(string id) => $"presence:{id}";

    private static RedisValue Write(PresenceEntry entry) =>
        JsonSerializer.SerializeToUtf8Bytes(entry, JsonSerializerOptions.Web);

    private static PresenceEntry Read(RedisValue value) =>
        JsonSerializer.Deserialize<PresenceEntry>((byte[])value!, JsonSerializerOptions.Web)!;
}
