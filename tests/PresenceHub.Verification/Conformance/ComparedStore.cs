using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Testing;
using PresenceHub.Testing.Reference;
using StackExchange.Redis;

namespace PresenceHub.Verification.Conformance;

/// <summary>
/// The product's store on a real server. The reference runs each script too. The first difference is an error: in an
/// answer, or in what is held after it.
/// </summary>
internal sealed class ComparedStore : IDisposable
{
    private static readonly TimeSpan AnnouncementTimeout = TimeSpan.FromSeconds(30);

    private readonly IDatabase _database;
    private readonly StoreSettings _settings;
    private readonly string _instance;
    private readonly ReferenceServer _reference;
    private readonly List<(int Partition, string Text)> _expected = [];
    private readonly ConcurrentQueue<(int Partition, string Text)> _announced = [];
    private readonly SemaphoreSlim _arrivals = new(0);
    private readonly SemaphoreSlim _turn = new(1);
    private long _time;

    private ComparedStore(IDatabase database, StoreSettings settings, string instance)
    {
        (_database, _settings, _instance) = (database, settings, instance);
        _reference = new ReferenceServer(settings.Names, settings.Options)
        {
            Instance = instance,
            Now = () => _time,
            Publish = (partition, text) => _expected.Add((partition, text)),
        };
        BeginNode();
    }

    public StoreKeys Keys => _reference.Keys;

    public StoreClock Clock { get; private set; } = null!;

    public PresenceStore Store { get; private set; } = null!;

    public static async Task<ComparedStore> BeginAsync(
        IConnectionMultiplexer redis,
        StoreSettings settings,
        string instance
    )
    {
        var compared = new ComparedStore(redis.GetDatabase(), settings, instance);
        for (var i = 0; i < settings.Options.Partitions; i++)
        {
            var partition = i;
            var queue = await redis
                .GetSubscriber()
                .SubscribeAsync(RedisChannel.Literal(compared.Keys.Changes(partition)));
            queue.OnMessage(message =>
            {
                compared._announced.Enqueue((partition, message.Message!));
                compared._arrivals.Release();
            });
        }

        return compared;
    }

    public void Dispose()
    {
        _arrivals.Dispose();
        _turn.Dispose();
    }

    /// <summary>Another node, which has seen nothing yet.</summary>
    public void BeginNode()
    {
        var options = Options.Create(_settings.Options);
        var connection = ScriptProxy.Connect(EvaluateAsync);
        Clock = new StoreClock(Keys, TimeProvider.System);
        Store = new PresenceStore(connection, Keys, new StoreChannels(connection, Keys), Clock, options);
    }

    public async Task LoseMetaAsync(int partition)
    {
        await _database.KeyDeleteAsync(Keys.Meta(partition));
        _reference.Partitions[partition].Reset();
    }

    public async Task LoseAsync(SubjectId subject)
    {
        var partition = Keys.PartitionOf(subject);
        await _database.KeyDeleteAsync(Keys.Subject(partition, subject));
        _reference.Partitions[partition].Remove(subject);
    }

    /// <summary>The data comes from another server, as after a failover.</summary>
    public async Task ComeFromElsewhereAsync(int partition)
    {
        const string Elsewhere = "another:server";
        if (await _database.KeyExistsAsync(Keys.Meta(partition)))
        {
            await _database.HashSetAsync(Keys.Meta(partition), "instance", Elsewhere);
            _reference.Partitions[partition].BelongTo(Elsewhere);
        }
    }

    /// <summary>Waits for all that is expected to be announced, and compares it.</summary>
    public async Task ExpectAnnouncementsAsync()
    {
        while (_announced.Count < _expected.Count)
        {
            Assert.True(
                await _arrivals.WaitAsync(AnnouncementTimeout),
                $"{_announced.Count} of {_expected.Count} messages were announced"
            );
        }

        for (var partition = 0; partition < _settings.Options.Partitions; partition++)
        {
            Assert.Equal(
                _expected.Where(message => message.Partition == partition),
                _announced.Where(message => message.Partition == partition)
            );
        }
    }

    // One after the other, so that the reference runs them in the server's order.
    private async Task<RedisResult> EvaluateAsync(object script, RedisKey[] keys, RedisValue[] arguments)
    {
        await _turn.WaitAsync();
        try
        {
            return await CompareAsync(script, keys, arguments);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<RedisResult> CompareAsync(object script, RedisKey[] keys, RedisValue[] arguments)
    {
        // In one pipeline: the server runs the commands of a connection in their order.
        var before = TimeAsync();
        var answering = script is byte[] hash
            ? _database.ScriptEvaluateAsync(hash, keys, arguments)
            : _database.ScriptEvaluateAsync((string)script, keys, arguments);
        var after = TimeAsync();
        var holding = HeldAsync(keys[1..]);
        await Task.WhenAll(before, after, holding);
        var result = await answering;

        var real = $"{Text(result)} and {await holding}";
        var index = int.Parse(
            keys[0].ToString().AsSpan(_settings.Names.KeyPrefix.Length + 2, 2),
            CultureInfo.InvariantCulture
        );
        var held = _reference.Partitions[index].Copy();
        _time = (long)result[3];
        if (_time < await before || _time > await after)
        {
            throw new InvalidOperationException($"Between {await before} and {await after} the script saw {_time}");
        }

        var answer = _reference.Evaluate(keys, arguments);
        var expected = $"{Text(answer)} and {Held(_reference.Partitions[index], keys[1..])}";
        return expected == real
            ? result
            : throw new InvalidOperationException(
                $"At {_time} on {_instance}, {string.Join(' ', arguments)} made {held.Position} into {real}; expected was {expected}"
            );
    }

    private static string Held(ReferencePartition partition, RedisKey[] keys) =>
        string.Join(
            "; ",
            keys.Select(key =>
                partition.Find(ReferenceServer.SubjectOf(key)) is { } held
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"{held.Availability},{held.Activity},{held.SequenceNumber},{held.Since},{held.ObservedAt},{held.Revision},{held.LowerPolls}"
                    )
                    : string.Empty
            )
        );

    private async Task<string> HeldAsync(RedisKey[] keys)
    {
        RedisValue[] fields = ["a", "c", "q", "s", "o", "r", "w"];
        var held = await Task.WhenAll(keys.Select(key => _database.HashGetAsync(key, fields)));
        return string.Join("; ", held.Select(values => values[0].IsNull ? string.Empty : string.Join(',', values)));
    }

    private static string Text(RedisResult result) =>
        string.Join(' ', ((RedisResult[])result!).Select(part => part.IsNull ? "nothing" : part.ToString()));

    private async Task<long> TimeAsync()
    {
        var time = (RedisResult[])(await _database.ExecuteAsync("TIME"))!;
        return ((long)time[0] * 1_000_000) + (long)time[1];
    }
}
