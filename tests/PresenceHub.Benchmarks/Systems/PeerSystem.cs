using System.Globalization;
using PresenceHub.Benchmarks.Load;
using PresenceHub.Benchmarks.Peers;
using PresenceHub.Contracts;
using PresenceHub.Testing;

namespace PresenceHub.Benchmarks.Systems;

/// <summary>A peer: one or two of its processes, and Redis where it needs one.</summary>
internal sealed class PeerSystem : SystemUnderTest
{
    public const string SocketIo = "socket.io";

    private static readonly DateTimeOffset Since = new(2026, 11, 27, 8, 0, 0, TimeSpan.Zero);

    private const long Epoch = 1_764_230_400_000_000;

    private readonly List<ServerProcess> _nodes = [];
    private readonly RedisServer? _redis;
    private long _revision;

    private PeerSystem(string kind, ClientProtocol protocol, RedisServer? redis)
        : base(kind) => (Protocol, _redis) = (protocol, redis);

    public override IReadOnlyList<Uri> Addresses => [.. _nodes.Select(node => node.Address)];

    public override ClientProtocol Protocol { get; }

    protected override IEnumerable<int> ProcessIds => _nodes.Select(node => node.ProcessId);

    public static async Task<PeerSystem> StartAsync(string kind, int nodes, Tenant tenant)
    {
        var redis = kind is PeerProgram.StockRedis or SocketIo ? new RedisServer() : null;
        var protocol = kind switch
        {
            PeerProgram.Raw => ClientProtocol.Raw,
            SocketIo => ClientProtocol.SocketIo,
            _ => ClientProtocol.Hub,
        };
        var system = new PeerSystem(kind, protocol, redis);
        try
        {
            await (redis?.StartAsync() ?? Task.CompletedTask);
            for (var node = 0; node < nodes; node++)
            {
                system._nodes.Add(await StartNodeAsync(kind, tenant, redis));
            }

            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    public override async Task FillAsync(IReadOnlyList<string> subjectIds)
    {
        foreach (var chunk in subjectIds.Chunk(1000))
        {
            // A table in memory belongs to its node; one in Redis is written twice, which does no harm.
            foreach (var node in _nodes)
            {
                using var answer = await node.Http.PutAsJsonAsync(
                    "/bench/entries",
                    chunk.Select(id => Entry(id, "Available", "Available"))
                );
                answer.EnsureSuccessStatusCode();
            }
        }
    }

    /// <summary>The first node takes every change; a backplane carries it to the other.</summary>
    public override async Task ApplyAsync(IReadOnlyList<Change> batch)
    {
        using var answer = await _nodes[0]
            .Http.PostAsJsonAsync(
                "/bench/changes",
                batch.Select(change => Entry(change.SubjectId, Change.Availability, change.Activity))
            );
        answer.EnsureSuccessStatusCode();
    }

    public override async Task<long?> AllocatedBytesAsync()
    {
        if (Protocol == ClientProtocol.SocketIo)
        {
            return null;
        }

        var sum = 0L;
        foreach (var node in _nodes)
        {
            sum += long.Parse(await node.Http.GetStringAsync("/bench/allocated"), CultureInfo.InvariantCulture);
        }

        return sum;
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await (_redis?.DisposeAsync() ?? Task.CompletedTask);
    }

    private static async Task<ServerProcess> StartNodeAsync(string kind, Tenant tenant, RedisServer? redis)
    {
        var port = FreePorts.Take();
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        if (kind is SocketIo)
        {
            return await ServerProcess.StartAsync(
                address,
                [
                    "node",
                    Path.Combine(Repository.Root, "tests", "PresenceHub.Benchmarks", "Peers", "socketio", "server.mjs"),
                ],
                new Dictionary<string, string>
                {
                    ["PEER_PORT"] = port.ToString(CultureInfo.InvariantCulture),
                    ["PEER_REDIS"] = redis!.ConnectionString,
                    ["PEER_KEYS"] = tenant.KeysPath,
                    ["PEER_ISSUER"] = tenant.Issuer.Issuer,
                    ["PEER_AUDIENCE"] = tenant.Options.HubAudience,
                    ["NODE_ENV"] = "production",
                }
            );
        }

        return await ServerProcess.StartAsync(
            address,
            ["dotnet", typeof(PeerProgram).Assembly.Location, "peer", kind],
            new Dictionary<string, string>
            {
                ["Peer__Url"] = address.ToString(),
                ["Peer__Redis"] = redis?.ConnectionString ?? string.Empty,
                ["Peer__Keys"] = tenant.KeysPath,
                ["Peer__Issuer"] = tenant.Issuer.Issuer,
                ["Peer__Audience"] = tenant.Options.HubAudience,
            }
        );
    }

    /// <summary>The fields of the hub's own entries, so that messages are equally long.</summary>
    private PresenceEntry Entry(string id, string availability, string activity) =>
        new(
            id,
            availability,
            activity,
            Freshness.Live,
            Since,
            Since,
            Epoch,
            Epoch + Interlocked.Increment(ref _revision)
        );
}
