using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;
using StackExchange.Redis;

namespace PresenceHub.Benchmarks.Peers;

/// <summary>
/// A server that the hub is compared with, in a process of its own: <c>peer stock|stock-redis|raw --Peer:…</c>.
/// </summary>
internal static class PeerProgram
{
    public const string Stock = "stock";
    public const string StockRedis = "stock-redis";
    public const string Raw = "raw";

    public static async Task RunAsync(string kind, string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var options = builder.Configuration.GetSection(PeerOptions.SectionName).Get<PeerOptions>()!;
        builder.WebHost.UseUrls(options.Url);
        AddAuthentication(builder.Services, options);
        switch (kind)
        {
            case Stock:
                builder.Services.AddSingleton<IPresenceTable, LocalPresenceTable>();
                builder.Services.AddSingleton<IBroadcaster, GroupBroadcaster>();
                builder.Services.AddSignalR();
                break;
            case StockRedis:
                builder.Services.AddSingleton<IConnectionMultiplexer>(
                    await ConnectionMultiplexer.ConnectAsync(options.Redis)
                );
                builder.Services.AddSingleton<IPresenceTable, RedisPresenceTable>();
                builder.Services.AddSingleton<IBroadcaster, GroupBroadcaster>();
                builder.Services.AddSignalR().AddStackExchangeRedis(options.Redis);
                break;
            case Raw:
                builder.Services.AddSingleton<IPresenceTable, LocalPresenceTable>();
                builder.Services.AddSingleton<RawRooms>();
                builder.Services.AddSingleton<IBroadcaster>(provider => provider.GetRequiredService<RawRooms>());
                break;
            default:
                throw new ArgumentException($"There is no peer called {kind}", nameof(kind));
        }

        await using var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        if (kind is Raw)
        {
            app.UseWebSockets();
            app.MapRawRooms();
        }
        else
        {
            app.MapHub<StockHub>("/hubs/presence");
        }

        app.MapPeerControl();
        await app.RunAsync();
    }

    /// <summary>The same kind of token as the hub's, with the issuer's keys at hand.</summary>
    private static void AddAuthentication(IServiceCollection services, PeerOptions options)
    {
        services
            .AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer(bearer =>
            {
                bearer.MapInboundClaims = false;
                bearer.TokenValidationParameters.ValidIssuer = options.Issuer;
                bearer.TokenValidationParameters.ValidAudience = options.Audience;
                bearer.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.RsaSha256];
                var keys = new JsonWebKeySet(File.ReadAllText(options.Keys));
                bearer.TokenValidationParameters.IssuerSigningKeys = keys.GetSigningKeys();
            });
        services.AddAuthorization();
    }
}
