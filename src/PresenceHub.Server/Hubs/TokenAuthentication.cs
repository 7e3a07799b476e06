using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Hubs;

/// <summary>Bearer tokens: from the header, and under <c>/hubs/</c> from the query too, since browsers cannot set headers on WebSockets.</summary>
internal sealed class TokenAuthentication(IOptions<AuthenticationOptions> options, TimeProvider time)
    : IConfigureNamedOptions<JwtBearerOptions>
{
    /// <summary>How far the clocks of the issuer and of this node may differ when a token begins. Its end is not moved.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(2);

    public void Configure(string? name, JwtBearerOptions options) => Configure(options);

    public void Configure(JwtBearerOptions bearer)
    {
        bearer.Authority = options.Value.Authority;
        bearer.Audience = options.Value.Audience;
        bearer.MapInboundClaims = false;

        // Nothing reads the token again, and it would stay in memory as long as the connection.
        bearer.SaveToken = false;
        bearer.TokenValidationParameters.AuthenticationType = JwtBearerDefaults.AuthenticationScheme;
        bearer.TokenValidationParameters.ClockSkew = ClockSkew;
        bearer.TokenValidationParameters.ValidAlgorithms = ["RS256"];
        bearer.Events = new JwtBearerEvents
        {
            OnMessageReceived = context =>
            {
                if (context.HttpContext.Request.Path.StartsWithSegments("/hubs") && context.Request.Query["access_token"] is [{ Length: > 0 } token])
                {
                    context.Token = token;
                }

                return Task.CompletedTask;
            },
            OnTokenValidated = context =>
            {
                // A connection ends with its token. One that opens within the clock skew after that would be closed at once.
                if (context.SecurityToken.ValidTo <= time.GetUtcNow().UtcDateTime)
                {
                    context.Fail(new SecurityTokenExpiredException());
                }

                return Task.CompletedTask;
            },
            OnChallenge = async context =>
            {
                context.HandleResponse();
                context.Response.Headers.WWWAuthenticate = JwtBearerDefaults.AuthenticationScheme;
                var answer = context.AuthenticateFailure is SecurityTokenExpiredException
                    ? Problems.Of(StatusCodes.Status401Unauthorized, TokenExpiry.Detail, ErrorCode.TokenExpired)
                    : Problems.Of(StatusCodes.Status401Unauthorized, "A valid bearer token is needed");
                await answer.ExecuteAsync(context.HttpContext);
            },
            OnForbidden = context =>
                Problems.Of(StatusCodes.Status403Forbidden, "The token does not allow this").ExecuteAsync(context.HttpContext),
        };
    }
}
