using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.StackExchangeRedis;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Protection;

internal static class KeyProtectionServiceCollectionExtensions
{
    /// <summary>
    /// Stores the keys of Data Protection in Redis, because each node must be able to decrypt what another has
    /// encrypted.
    /// </summary>
    public static IServiceCollection AddSharedKeys(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("PresenceHub");
        services
            .AddOptions<KeyManagementOptions>()
            .Configure<IConnectionMultiplexer, IngestKeys>(
                (protection, redis, keys) =>
                    protection.XmlRepository = new RedisXmlRepository(() => redis.GetDatabase(), keys.ProtectionKeys)
            );
        return services;
    }

    /// <summary>Encrypts the keys of Data Protection in Redis, if a certificate is configured.</summary>
    public static IServiceCollection AddKeyProtection(this IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddOptionsWithValidateOnStart<KeyProtectionOptions, KeyProtectionOptionsValidator>()
            .BindConfiguration(KeyProtectionOptions.SectionName);

        // Data Protection accepts certificates at registration only. Their errors are reported with those of the other
        // settings.
        var section = configuration.GetSection(KeyProtectionOptions.SectionName);
        var certificates = KeyCertificates.Load(section.Get<KeyProtectionOptions>() ?? new KeyProtectionOptions());
        services.AddSingleton(certificates);
        services.AddSingleton<StoredKeys>();
        services.AddHostedService<KeyProtectionService>();
        var protection = services.AddDataProtection();
        if (certificates.Current is { } current)
        {
            protection.ProtectKeysWithCertificate(current);
        }

        protection.UnprotectKeysWithAnyCertificate([.. certificates.Others]);
        return services;
    }
}
