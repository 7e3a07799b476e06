using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.Hosting;

internal sealed class RedisOptions
{
    public const string SectionName = "Redis";

    /// <summary>Where the shared state lives, in StackExchange.Redis' form. In Development nothing is needed: a store is embedded.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Prefix of every key and channel, so that several hubs can share a server.</summary>
    [RegularExpression("^[A-Za-z0-9_-]{1,32}$", ErrorMessage = "Redis:KeyPrefix must be 1 to 32 letters, digits, '_' or '-'")]
    public string KeyPrefix { get; set; } = "ph";
}
