using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>
/// Defines who may connect accounts: users of the tenant with the app role, by bearer token. While Graph is emulated,
/// the cookie of <see cref="DevelopmentSignIn"/> is accepted too.
/// </summary>
internal static class Administrators
{
    public const string Role = "PresenceHub.Admin";
    public const string RoleClaim = "roles";
    public const string TenantClaim = "tid";
    public const string CookieScheme = "PresenceHub.Administrator";

    /// <summary>
    /// A form of another site cannot send this header, so a request with the cookie and this header is not forged.
    /// </summary>
    public const string CsrfHeader = "X-PresenceHub-Csrf";

    private static readonly TimeSpan SignInLifetime = TimeSpan.FromHours(1);

    public static AuthorizationPolicy Policy(GraphOptions graph) =>
        new AuthorizationPolicyBuilder(
            HasCookie(graph.Mode)
                ? [JwtBearerDefaults.AuthenticationScheme, CookieScheme]
                : [JwtBearerDefaults.AuthenticationScheme]
        )
            .RequireAuthenticatedUser()
            .RequireClaim(RoleClaim, Role)
            .RequireAssertion(context =>
                Guid.TryParse(context.User.FindFirst(TenantClaim)?.Value, out var tenantId)
                && tenantId == Guid.Parse(graph.TenantId!)
            )
            .Build();

    public static IServiceCollection AddAdministrators(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<ConnectTickets>();
        services.AddSingleton<PendingSignIns>();
        services.AddSingleton<AccountConnection>();
        services.AddSingleton<AccountAudit>();
        services.AddSingleton<AccountRemoval>();
        return HasCookie(configuration.GetValue<GraphMode?>($"{GraphOptions.SectionName}:{nameof(GraphOptions.Mode)}"))
            ? services.AddCookie()
            : services;
    }

    /// <summary>In a real tenant the cookie is neither issued nor accepted.</summary>
    private static bool HasCookie(GraphMode? mode) => mode is GraphMode.Emulator;

    private static IServiceCollection AddCookie(this IServiceCollection services)
    {
        services.AddAuthentication().AddCookie(CookieScheme);
        services
            .AddOptions<CookieAuthenticationOptions>(CookieScheme)
            .Configure<IOptions<GraphOptions>>(
                (cookie, graph) =>
                {
                    cookie.Cookie = new AdministratorCookie { Name = "presencehub-admin", IsEssential = true };
                    cookie.Cookie.HttpOnly = true;
                    cookie.Cookie.SameSite = SameSiteMode.Lax;
                    cookie.Cookie.SecurePolicy = graph.Value.IsPublishedOverTls
                        ? CookieSecurePolicy.Always
                        : CookieSecurePolicy.SameAsRequest;
                    cookie.ExpireTimeSpan = SignInLifetime;

                    // The bearer scheme answers for both schemes. There is no sign-in page to redirect to.
                    cookie.Events.OnRedirectToLogin = _ => Task.CompletedTask;
                    cookie.Events.OnRedirectToAccessDenied = _ => Task.CompletedTask;
                }
            );
        return services;
    }
}
