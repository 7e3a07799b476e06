using System.Globalization;
using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Testing;
using StackExchange.Redis;

namespace PresenceHub.FunctionalTests.Store;

/// <summary>A master and a replica that change places by an operator's hand: neither dies, and no connection is
/// lost.</summary>
public sealed class RoleChangeTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly RedisServer _first = new();
    private RedisServer _second = null!;

    public async Task InitializeAsync()
    {
        await _first.StartAsync();
        _second = new RedisServer("--replicaof", $"127.0.0.1 {_first.Port.ToString(CultureInfo.InvariantCulture)}");
        await _second.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _second.DisposeAsync();
        await _first.DisposeAsync();
    }

    [Fact]
    public async Task Follower_MasterMadeAReplica_FindsTheNewMaster()
    {
        // Long enough that it is not the library that looks at the roles.
        await using var node = await StoreNode.ConnectAsync(
            $"{_first.ConnectionString},{_second.ConnectionString},configCheckSeconds=3600",
            StoreNode.NewSettings()
        );
        var subject = new SubjectId(Guid.NewGuid());
        node.Mirror.Track([subject]);
        await node.Follower.StartAsync(None);
        await Eventually.GetAsync(() => Task.FromResult(node.Follower.Failure), failure => failure is null);

        await ExecuteAsync(_second, "REPLICAOF", "NO", "ONE");
        await ExecuteAsync(_first, "REPLICAOF", "127.0.0.1", _second.Port.ToString(CultureInfo.InvariantCulture));

        var outcome = await Eventually.GetAsync(
            () => TryApplyAsync(node, subject),
            outcome => outcome is ApplyOutcome.Applied
        );
        Assert.Equal(ApplyOutcome.Applied, outcome);
        await Eventually.GetAsync(() => Task.FromResult(node.Follower.Failure), failure => failure is null);
    }

    private static async Task<ApplyOutcome?> TryApplyAsync(StoreNode node, SubjectId subject)
    {
        try
        {
            var observation = new Observation(subject, "Busy", "InACall", null, node.Clock.Now, ObservationSource.Poll);
            return Assert.Single(await node.Store.ApplyAsync([observation], None));
        }
        catch (RedisServerException exception) when (exception.Kind is RedisErrorKind.ReadOnly)
        {
            return null;
        }
    }

    private static async Task ExecuteAsync(RedisServer server, string command, params string[] arguments)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(
            $"{server.ConnectionString},allowAdmin=true"
        );
        await connection.GetServers()[0].ExecuteAsync(command, [.. arguments]);
    }
}
