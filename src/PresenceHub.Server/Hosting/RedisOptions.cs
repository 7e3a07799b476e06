using System.ComponentModel.DataAnnotations;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Hosting;

internal sealed class RedisOptions
{
    public const string SectionName = "Redis";

    /// <summary>The setting that most platforms inject. It counts where <see cref="ConnectionString"/> is not
    /// set.</summary>
    public const string PlatformSetting = "ConnectionStrings:Redis";

    private const string KeyPrefixRule = "Redis:KeyPrefix must be 1 to 32 letters, digits, '_' or '-'";

    /// <summary>
    /// Where the shared state lives: <c>redis://</c> or <c>rediss://</c>, or StackExchange.Redis' form. In Development
    /// nothing is needed: a store is embedded.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>Prefix of every key and channel, so that several hubs can share a server.</summary>
    [Required(ErrorMessage = KeyPrefixRule)]
    [RegularExpression("^[A-Za-z0-9_-]{1,32}$", ErrorMessage = KeyPrefixRule)]
    public string KeyPrefix { get; set; } = RedisNames.DefaultKeyPrefix;

    /// <summary>
    /// PEM file with the roots that the certificate of a TLS server must lead to; nothing else is trusted then. Without
    /// it, the roots of the machine count. Names and dates are checked in any case.
    /// </summary>
    public string? TrustedRootPath { get; set; }

    /// <summary>The setting that <see cref="ConnectionString"/> was taken from, for messages.</summary>
    internal string ConnectionSetting { get; set; } = $"{SectionName}:{nameof(ConnectionString)}";
}
