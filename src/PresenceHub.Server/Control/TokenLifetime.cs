using Microsoft.AspNetCore.Authentication;

namespace PresenceHub.Server.Control;

internal static class TokenLifetime
{
    /// <summary>When the token of a request expires.</summary>
    public static DateTimeOffset EndOf(HttpContext context) =>
        context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc
        ?? DateTimeOffset.MaxValue;
}
