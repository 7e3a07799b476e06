using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Hubs;

/// <summary>Bearer tokens: from the header, and under <c>/hubs/</c> from the query too, since browsers cannot set headers on WebSockets.</summary>
internal sealed class TokenAuthentication(IOptions<AuthenticationOptions> options) : IConfigureNamedOptions<JwtBearerOptions>
{
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
            OnChallenge = async context =>
            {
                context.HandleResponse();
                context.Response.Headers.WWWAuthenticate = JwtBearerDefaults.AuthenticationScheme;
                await Problems.Of(StatusCodes.Status401Unauthorized, "A valid bearer token is needed").ExecuteAsync(context.HttpContext);
            },
            OnForbidden = context =>
                Problems.Of(StatusCodes.Status403Forbidden, "The token does not allow this").ExecuteAsync(context.HttpContext),
        };
    }
}
