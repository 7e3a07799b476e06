using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Hubs;

/// <summary>
/// Refuses tokens that have the hub's audience but no scope or role of the hub: Entra gives any application of the
/// tenant a token for any audience. The handler takes part in every authorization policy, so that no endpoint can omit
/// it.
/// </summary>
/// <remarks>Claims: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference and
/// optional-claims-reference.</remarks>
internal sealed class AccessTokens(IOptions<AuthenticationOptions> options, ILogger<AccessTokens> logger)
    : IAuthorizationHandler
{
    private const string DefaultScope = "access";
    private const string DefaultRole = "PresenceHub.Watch";

    private readonly string[] _scopes = options.Value.RequiredScopes is { Length: > 0 } scopes
        ? scopes
        : [DefaultScope];
    private readonly string[] _roles = options.Value.RequiredRoles is { Length: > 0 } roles ? roles : [DefaultRole];

    private int _hasWarned;

    public Task HandleAsync(AuthorizationHandlerContext context)
    {
        foreach (
            var token in context.User.Identities.Where(identity =>
                identity.AuthenticationType is JwtBearerDefaults.AuthenticationScheme
            )
        )
        {
            if (FindFault(token) is { } fault)
            {
                context.Fail(new AuthorizationFailureReason(this, fault));
            }
            else if (MayHideAGuest(token) && Interlocked.Exchange(ref _hasWarned, 1) is 0)
            {
                // Warn once: the registration of the application lacks the claim, and so do all its tokens.
                logger.GuestsNotRecognised();
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>What the token lacks, in words for its holder; null when it may use the hub.</summary>
    internal string? FindFault(ClaimsIdentity token)
    {
        // The application that requested the token: azp in version 2, appid in version 1. An ID token has neither.
        if (!token.HasClaim(claim => claim.Type is "azp" or "appid"))
        {
            return "The token is no access token: it names no application in azp or appid";
        }

        if (token.FindFirst("idtyp")?.Value is "app" || token.FindFirst("scp") is null)
        {
            return token.FindAll("roles").Any(role => _roles.Contains(role.Value, StringComparer.Ordinal))
                ? null
                : $"The token of an application needs the app role {Names(_roles)} in roles";
        }

        var scopes = token.FindAll("scp").SelectMany(claim => claim.Value.Split(' '));
        if (!scopes.Intersect(_scopes, StringComparer.Ordinal).Any())
        {
            return $"The token needs the scope {Names(_scopes)} in scp";
        }

        return IsGuest(token) && !options.Value.AllowGuests
            ? "Guests are not let in (Authentication:AllowGuests)"
            : null;
    }

    /// <summary>Whether the optional claim <c>acct</c> is 1, or the identity provider does not belong to the tenant of
    /// the token.</summary>
    private static bool IsGuest(ClaimsIdentity token) =>
        token.FindFirst("acct")?.Value is "1"
        || (
            token.FindFirst("idp")?.Value is { } provider
            && token.FindFirst("tid")?.Value is { } tenant
            && provider != token.FindFirst("iss")?.Value
            && !provider.Contains(tenant, StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>Whether guests are refused, and the token of a user does not tell whether the user is a
    /// guest.</summary>
    private bool MayHideAGuest(ClaimsIdentity token) =>
        !options.Value.AllowGuests
        && token.HasClaim(claim => claim.Type is "scp")
        && !token.HasClaim(claim => claim.Type is "acct" or "idp");

    private static string Names(string[] names) => string.Join(" or ", names);
}
