using System.ComponentModel.DataAnnotations;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Hosting;

/// <summary>The Redis server that holds the shared state.</summary>
internal sealed class RedisOptions
{
    public const string SectionName = "Redis";

    /// <summary>
    /// The setting that most platforms inject. It is used when <see cref="ConnectionString"/> is not set.
    /// </summary>
    public const string PlatformSetting = "ConnectionStrings:Redis";

    private const string KeyPrefixRule = "Redis:KeyPrefix must be 1 to 32 letters, digits, '_' or '-'";

    /// <summary>
    /// Address of the server: <c>redis://</c> or <c>rediss://</c>, or the form of StackExchange.Redis. Required outside
    /// Development; in Development a store is embedded.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// Prefix of every key and channel: 1 to 32 letters, digits, <c>_</c> or <c>-</c>. Hubs with different prefixes can
    /// share a server.
    /// </summary>
    [Required(ErrorMessage = KeyPrefixRule)]
    [RegularExpression("^[A-Za-z0-9_-]{1,32}$", ErrorMessage = KeyPrefixRule)]
    public string KeyPrefix { get; set; } = RedisNames.DefaultKeyPrefix;

    /// <summary>
    /// PEM file with the roots that the certificate of a TLS server must lead to; no other root is trusted then.
    /// Without it, the roots of the machine are trusted. Name and dates of the certificate are checked in any case.
    /// </summary>
    public string? TrustedRootPath { get; set; }

    /// <summary>The setting that <see cref="ConnectionString"/> was taken from, for messages.</summary>
    internal string ConnectionSetting { get; set; } = $"{SectionName}:{nameof(ConnectionString)}";
}
