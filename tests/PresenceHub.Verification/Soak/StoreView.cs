using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Store;
using StackExchange.Redis;

namespace PresenceHub.Verification.Soak;

/// <summary>What the store holds, read without the product's scripts and without its connection.</summary>
internal sealed class StoreView(IConnectionMultiplexer redis) : IAsyncDisposable
{
    private readonly StoreKeys _keys = new(new RedisNames(), Options.Create(new StoreOptions()));

    internal sealed record Entry(
        string Availability,
        string Activity,
        long Epoch,
        long Revision,
        TimeSpan UnconfirmedFor
    );

    public static async Task<StoreView> ConnectAsync(string connectionString) =>
        new(
            await ConnectionMultiplexer.ConnectAsync(
                $"{connectionString},abortConnect=false,connectTimeout=1000,asyncTimeout=1000"
            )
        );

    /// <summary>Everybody that it holds; null when it cannot be asked.</summary>
    public async Task<IReadOnlyDictionary<string, Entry>?> TryReadAsync(IReadOnlyList<string> ids)
    {
        try
        {
            var database = redis.GetDatabase();
            var now = database.ExecuteAsync("TIME");
            var epochs = Enumerable
                .Range(0, _keys.Partitions)
                .Select(partition => database.HashGetAsync(_keys.Meta(partition), "epoch", CommandFlags.DemandMaster))
                .ToArray();
            var reads = ids.Select(id => ReadAsync(database, id)).ToArray();
            var time = (RedisResult[])(await now)!;
            var nowMicros = ((long)time[0] * 1_000_000) + (long)time[1];
            var entries = new Dictionary<string, Entry>();
            for (var i = 0; i < ids.Count; i++)
            {
                var (partition, fields) = await reads[i];
                if (fields[0].HasValue)
                {
                    entries[ids[i]] = new Entry(
                        $"{fields[0]}",
                        $"{fields[1]}",
                        (long)await epochs[partition],
                        (long)fields[2],
                        TimeSpan.FromMicroseconds(nowMicros - (long)fields[3])
                    );
                }
            }

            return entries;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return null;
        }
    }

    public ValueTask DisposeAsync() => redis.DisposeAsync();

    private async Task<(int Partition, RedisValue[] Fields)> ReadAsync(IDatabase database, string id)
    {
        var subject = new SubjectId(Guid.Parse(id));
        var partition = _keys.PartitionOf(subject);
        return (
            partition,
            await database.HashGetAsync(
                _keys.Subject(partition, subject),
                ["a", "c", "r", "o"],
                CommandFlags.DemandMaster
            )
        );
    }
}
