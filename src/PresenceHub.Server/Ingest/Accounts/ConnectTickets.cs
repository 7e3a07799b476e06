using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>
/// The tickets with which a browser begins to connect an account. Each is valid once, for ten minutes, on any node.
/// </summary>
/// <remarks>
/// Methods throw <see cref="RedisException"/> or <see cref="TimeoutException"/> when the server cannot be reached.
/// </remarks>
internal sealed class ConnectTickets(IConnectionMultiplexer redis, IngestKeys keys)
{
    public Task PutAsync(ConnectTicket ticket) =>
        redis.GetDatabase().StringSetAsync(keys.ConnectTicket(ticket.Value), string.Empty, OneTimeSecret.Lifetime);

    /// <summary>Returns false when the ticket was used before, has expired, or does not exist.</summary>
    public Task<bool> TryUseAsync(ConnectTicket ticket) =>
        redis.GetDatabase().KeyDeleteAsync(keys.ConnectTicket(ticket.Value));
}
