using System.Globalization;

namespace PresenceHub.Testing;

/// <summary>
/// One redis-server for all in-process servers of tests that are not about the store. It starts with the first of them
/// and ends with the process of the tests.
/// </summary>
internal static class SharedRedis
{
    private static readonly Lazy<Task<RedisServer>> Server = new(StartAsync);
    private static int _prefixes;

    /// <summary>Settings of a hub that shares the server with others, but none of their data.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> CreateSettingsAsync() =>
        new Dictionary<string, string>
        {
            ["Redis__ConnectionString"] = (await Server.Value).ConnectionString,
            ["Redis__KeyPrefix"] = string.Create(
                CultureInfo.InvariantCulture,
                $"test{Interlocked.Increment(ref _prefixes)}"
            ),
        };

    private static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer("--appendonly", "no");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().GetAwaiter().GetResult();
        await server.StartAsync();
        return server;
    }
}
