using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>All delegated accounts: the connected ones, and the configured ones that are not connected.</summary>
internal sealed class AccountPool(AccountRegistry registry, IOptions<GraphOptions> options)
{
    /// <exception cref="StackExchange.Redis.RedisException">The server cannot be reached.</exception>
    public async Task<IReadOnlyList<GraphAccount>> ReadAsync(CancellationToken cancellationToken)
    {
        var connected = (await registry.ListAsync(cancellationToken)).Select(account => new GraphAccount
        {
            UserId = account.UserId.ToString(),
            HomeAccountId = account.HomeAccountId,
            ConnectedAt = account.ConnectedAt,
        });
        return
        [
            .. connected
                .Concat(options.Value.Accounts)
                .DistinctBy(account => account.UserId, StringComparer.OrdinalIgnoreCase),
        ];
    }
}
