using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Protection;

/// <summary>
/// Warns at start when the keys are not encrypted, and checks the keys later if Redis was away at start.
/// </summary>
internal sealed class KeyProtectionService(
    StoredKeys stored,
    KeyCertificates certificates,
    IOptions<GraphOptions> graph,
    TimeProvider time,
    ILogger<KeyProtectionService> logger
) : BackgroundService
{
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (certificates.Current is null && graph.Value.Mode is GraphMode.Tenant)
        {
            logger.ProtectionKeysNotEncrypted();
        }

        while (!await CheckOnceAsync(stoppingToken))
        {
            await Task.Delay(RetryPeriod, time, stoppingToken);
        }
    }

    /// <summary>Returns false when the check has to be repeated.</summary>
    internal async Task<bool> CheckOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await stored.FindProblemAsync(cancellationToken) is { } problem)
            {
                logger.ProtectionKeysNotDecrypted(problem);
            }

            return true;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return false;
        }
    }
}
