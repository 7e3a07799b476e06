using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>
/// Binds the callback from the authority to the browser that began the sign-in. The state is in an encrypted cookie,
/// and in Redis, so that it is valid once on any node.
/// </summary>
internal sealed class PendingSignIns(
    IConnectionMultiplexer redis,
    IngestKeys keys,
    IDataProtectionProvider protection,
    IOptions<GraphOptions> options
)
{
    internal const string CookieName = "presencehub-connect";

    // The browser has to send the cookie to the callback, which is below this address.
    private readonly string _cookiePath = Uri.TryCreate(options.Value.NotificationUrl, UriKind.Absolute, out var hub)
        ? $"{hub.AbsolutePath.TrimEnd('/')}/admin/accounts"
        : "/admin/accounts";

    private readonly ITimeLimitedDataProtector _protector = protection
        .CreateProtector("PresenceHub.Accounts.SignIn.v2")
        .ToTimeLimitedDataProtector();

    public async Task PutAsync(HttpContext context, PendingSignIn pending)
    {
        var key = keys.SignInState(pending.State.Value);
        await redis.GetDatabase().StringSetAsync(key, string.Empty, OneTimeSecret.Lifetime);
        var json = JsonSerializer.Serialize(pending, AccountJson.Default.PendingSignIn);
        context.Response.Cookies.Append(CookieName, _protector.Protect(json, OneTimeSecret.Lifetime), CookieOptions());
    }

    /// <summary>Returns null when this browser did not begin a sign-in with that state, or when it has ended.</summary>
    /// <exception cref="RedisException">The server cannot be reached. The cookie remains valid for another
    /// attempt.</exception>
    /// <exception cref="TimeoutException">The same.</exception>
    public async Task<PendingSignIn?> TryTakeAsync(HttpContext context, string? state)
    {
        var taken =
            Read(context.Request.Cookies[CookieName]) is { } pending
            && CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(pending.State.Value),
                Encoding.UTF8.GetBytes(state ?? string.Empty)
            )
            && await redis.GetDatabase().KeyDeleteAsync(keys.SignInState(pending.State.Value))
                ? pending
                : null;
        context.Response.Cookies.Delete(CookieName, CookieOptions());
        return taken;
    }

    private PendingSignIn? Read(string? cookie) =>
        cookie is not null && _protector.TryUnprotect(cookie) is { } json
            ? JsonSerializer.Deserialize(json, AccountJson.Default.PendingSignIn)
            : null;

    // Lax, because the callback is a navigation from another site and needs the cookie.
    private CookieOptions CookieOptions() =>
        new()
        {
            HttpOnly = true,
            Secure = options.Value.IsPublishedOverTls,
            SameSite = SameSiteMode.Lax,
            Path = _cookiePath,
            MaxAge = OneTimeSecret.Lifetime,
            IsEssential = true,
        };
}
