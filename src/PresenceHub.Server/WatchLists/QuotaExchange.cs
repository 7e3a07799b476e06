using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PresenceHub.Server.Control;
using StackExchange.Redis;

namespace PresenceHub.Server.WatchLists;

/// <summary>
/// Reports the usage of watchers on this node to the other nodes, and charges watchers for their usage there. Only
/// watchers that use an eighth of a quota are reported, so that many ordinary watchers cost Redis nothing.
/// </summary>
internal sealed class QuotaExchange(
    [FromKeyedServices(ControlConnection.Key)] IConnectionMultiplexer redis,
    InterestKeys keys,
    WatcherQuotas quotas,
    NodeId node,
    TimeProvider time,
    ILogger<QuotaExchange> logger
) : BackgroundService
{
    /// <summary>How long a report of another node counts. Its key in Redis lives six times as long.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    /// <summary>The largest number of watchers per turn. The rest waits for the next turn: a late report only makes the
    /// quotas more generous.</summary>
    private const int MaxPerTurn = 1000;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly LogLimit _failedLimit = new(time);
    private long _turn;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ExchangeOnceAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                if (_failedLimit.TryTake())
                {
                    logger.QuotasNotExchanged(exception.Message);
                }
            }
        }
    }

    internal async Task ExchangeOnceAsync(CancellationToken cancellationToken)
    {
        var usages = quotas.Sweep().Where(usage => usage.Told > 0 || usage.IsNoteworthy).ToArray();
        var first = usages.Length > MaxPerTurn ? (int)(_turn++ * MaxPerTurn % usages.Length) : 0;
        await Task.WhenAll(usages.Skip(first).Take(MaxPerTurn).Select(ExchangeAsync)).WaitAsync(cancellationToken);
    }

    /// <summary>A name of bounded length, because the id of a watcher may be any text of an issuer.</summary>
    private static string NameOf(Watcher watcher) =>
        Convert.ToHexStringLower(
            SHA256
                .HashData(
                    Encoding.UTF8.GetBytes(
                        string.Create(CultureInfo.InvariantCulture, $"{watcher.TenantId:N}/{watcher.Id}")
                    )
                )
                .AsSpan(..16)
        );

    private async Task ExchangeAsync(WatcherUsage usage)
    {
        var database = redis.GetDatabase();
        var key = keys.Usage(NameOf(usage.Watcher));
        if (!usage.IsNoteworthy)
        {
            await database.HashDeleteAsync(key, node.Value);
            usage.Told = 0;

            // The usage on other nodes is not followed meanwhile. They count as new nodes when this node reports again.
            usage.Others.Clear();
            return;
        }

        usage.Told++;
        var written = database.HashSetAsync(key, node.Value, OtherUsage.Write(usage));
        var expires = database.KeyExpireAsync(key, 6 * Lifetime);
        var all = await database.HashGetAllAsync(key);
        await Task.WhenAll(written, expires);
        if (Charge(usage, all) is { Length: > 0 } gone)
        {
            await database.HashDeleteAsync(key, gone);
        }
    }

    /// <summary>Takes the reports of the other nodes. Returns the names of dead nodes, because the key lives as long as
    /// any node writes it.</summary>
    private RedisValue[] Charge(WatcherUsage usage, HashEntry[] all)
    {
        var now = time.GetTimestamp();
        var (connections, watchedIds) = (0, 0);
        foreach (var (name, value) in all.Select(entry => ((string)entry.Name!, (string)entry.Value!)))
        {
            if (name == node.Value || !OtherUsage.TryParse(value, now, out var told))
            {
                continue;
            }

            var isKnown = usage.Others.TryGetValue(name, out var before);
            if (isKnown && before.Told == told.Told)
            {
                told = before;
            }
            else if (isKnown && before.IsCharged && before.Told < told.Told)
            {
                usage.Ids.Charge(told.Ids - before.Ids);
                usage.ColdIds.Charge(told.ColdIds - before.ColdIds);
                told = told with { IsCharged = true };
            }
            else if (isKnown)
            {
                // The node is new, or counts from zero again. Its quota may have returned a part of its counts, and its
                // first report is not charged, because it may be that of a dead node.
                usage.Ids.Charge(told.IdsInUse);
                usage.ColdIds.Charge(told.ColdIdsInUse);
                told = told with { IsCharged = true };
            }

            usage.Others[name] = told;
            if (time.GetElapsedTime(told.SeenAt, now) <= Lifetime)
            {
                connections += told.Connections;
                watchedIds += told.WatchedIds;
            }
        }

        foreach (var gone in usage.Others.Keys.Except(all.Select(entry => (string)entry.Name!)).ToArray())
        {
            usage.Others.Remove(gone);
        }

        usage.SetOthers(connections, watchedIds);
        return
        [
            .. usage
                .Others.Where(other => time.GetElapsedTime(other.Value.SeenAt, now) > 6 * Lifetime)
                .Select(other => (RedisValue)other.Key),
        ];
    }
}
