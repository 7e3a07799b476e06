using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Hosting;

/// <summary>Takes the connection from <c>ConnectionStrings:Redis</c> where <c>Redis:ConnectionString</c> is not
/// set.</summary>
internal sealed class RedisConnectionSource(IConfiguration configuration) : IConfigureOptions<RedisOptions>
{
    /// <summary>Whether either setting names a server.</summary>
    public static bool IsConfigured(IConfiguration configuration) =>
        Own(configuration) is not null || Injected(configuration) is not null;

    /// <summary>Whether both settings name a server and differ. One of them is then ignored.</summary>
    public static bool IsContradictory(IConfiguration configuration) =>
        Own(configuration) is { } own && Injected(configuration) is { } injected && own != injected;

    public void Configure(RedisOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ConnectionString) && Injected(configuration) is { } injected)
        {
            (options.ConnectionString, options.ConnectionSetting) = (injected, RedisOptions.PlatformSetting);
        }
    }

    private static string? Own(IConfiguration configuration) => Text(configuration["Redis:ConnectionString"]);

    private static string? Injected(IConfiguration configuration) => Text(configuration[RedisOptions.PlatformSetting]);

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
