using System.Globalization;
using PresenceHub.Server.Store;
using StackExchange.Redis;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// Warns once at start about servers that may evict data of the hub, or that have little memory left. A server that
/// does not report its configuration is not warned about.
/// </summary>
internal sealed class RedisMemoryCheck(
    IConnectionMultiplexer redis,
    StoreKeys keys,
    TimeProvider time,
    ILogger<RedisMemoryCheck> logger
) : BackgroundService
{
    /// <summary>Part of <c>maxmemory</c> above which the server has little memory left.</summary>
    internal const double Full = 0.8;

    private const string NoEviction = "noeviction";

    /// <summary>
    /// The library allows INFO to administrators only; Redis allows it to every user with the permission.
    /// </summary>
    private const string Info = "return redis.call('INFO', 'memory')";

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryCheckOnceAsync(stoppingToken))
        {
            await Task.Delay(RetryDelay, time, stoppingToken);
        }
    }

    /// <summary>False if a server cannot be reached at the moment.</summary>
    internal async Task<bool> TryCheckOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            // On a cluster, each partition's key leads to the server that holds it.
            var answers = await Task.WhenAll(
                    Enumerable
                        .Range(0, keys.Partitions)
                        .Select(partition => redis.GetDatabase().ScriptEvaluateAsync(Info, [keys.Meta(partition)]))
                )
                .WaitAsync(cancellationToken);
            Report([.. answers.Select(answer => (string?)answer ?? string.Empty)]);
            return true;
        }
        catch (RedisServerException exception) when (StoreLayout.IsPassing(exception.Kind))
        {
            return false;
        }
        catch (Exception exception) when (exception is RedisServerException or RedisCommandException)
        {
            // Managed servers may refuse the command.
            return true;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return false;
        }
    }

    private void Report(string[] servers)
    {
        // Without a limit nothing is evicted, whatever the policy.
        if (
            servers
                .Where(memory => BytesOf(memory, "maxmemory") > 0)
                .Select(memory => FieldOf(memory, "maxmemory_policy"))
                .FirstOrDefault(policy => policy is not null and not NoEviction) is
            { } policy
        )
        {
            logger.RedisEvicts(policy);
        }

        var (used, most) = servers
            .Select(memory => (Used: BytesOf(memory, "used_memory"), Most: BytesOf(memory, "maxmemory")))
            .FirstOrDefault(memory => memory.Most > 0 && memory.Used > Full * memory.Most);
        if (most > 0)
        {
            logger.RedisIsNearlyFull(used >> 20, most >> 20);
        }
    }

    private static long BytesOf(string memory, string field) =>
        long.TryParse(FieldOf(memory, field), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? bytes
            : 0;

    private static string? FieldOf(string memory, string field) =>
        memory
            .Split('\n', StringSplitOptions.TrimEntries)
            .FirstOrDefault(line => line.StartsWith($"{field}:", StringComparison.Ordinal))
            ?[(field.Length + 1)..];
}
