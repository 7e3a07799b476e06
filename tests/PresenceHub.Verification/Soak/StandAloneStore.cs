using System.Globalization;
using PresenceHub.Testing;
using PresenceHub.Testing.Proxies;

namespace PresenceHub.Verification.Soak;

/// <summary>One Redis, and a proxy between it and each node.</summary>
internal sealed class StandAloneStore(double mostFrozenSeconds) : SoakStore
{
    private readonly RedisServer _server = new();
    private readonly List<TcpProxy> _links = [];

    public override string ConnectionString => _server.ConnectionString;

    public override IReadOnlyList<TcpProxy> Links => _links;

    public override IReadOnlyList<Fault> Faults =>
        [
            Kill("redis: killed, data kept", _ => _server, losesData: false),
            Kill("redis: killed, data lost", _ => _server, losesData: true),
            Freeze(_ => _server, mostFrozenSeconds),
        ];

    protected override IReadOnlyList<RedisServer> Servers => [_server];

    public override async Task StartAsync(int nodes)
    {
        await _server.StartAsync();
        for (var i = 0; i < nodes; i++)
        {
            _links.Add(new TcpProxy(new Uri($"tcp://{_server.ConnectionString}"), Loss, seed: i));
        }
    }

    public override string ConnectionStringOf(int node) =>
        string.Create(CultureInfo.InvariantCulture, $"{_links[node].Address.Host}:{_links[node].Address.Port}");

    public override async ValueTask DisposeAsync()
    {
        foreach (var link in _links)
        {
            await link.DisposeAsync();
        }

        await _server.DisposeAsync();
    }
}
