using PresenceHub.Testing;
using StackExchange.Redis;

namespace PresenceHub.FunctionalTests.Store;

public sealed class EmbeddedStoreRestartTests
{
    [Fact]
    public async Task Restart_WithData_AnswersAtTheSameAddressWithoutIt()
    {
        using var store = new EmbeddedStoreServer();
        await SetAsync(store.ConnectionString);

        store.Restart();

        // A new connection, so that no reconnect decides when it is asked.
        await using var redis = await ConnectionMultiplexer.ConnectAsync(store.ConnectionString);
        Assert.False(await redis.GetDatabase().KeyExistsAsync("key"));
    }

    [Fact]
    public async Task Restart_AgainAndAgain_StaysUsable()
    {
        using var store = new EmbeddedStoreServer();
        for (var i = 0; i < 3; i++)
        {
            store.Restart();
            await SetAsync(store.ConnectionString);
        }
    }

    private static async Task SetAsync(string connectionString)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(connectionString);
        Assert.True(await redis.GetDatabase().StringSetAsync("key", "value"));
    }
}
