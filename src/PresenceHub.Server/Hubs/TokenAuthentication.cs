using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Microsoft.Net.Http.Headers;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Hubs;

/// <summary>Configures bearer tokens. Where a connection is opened, a token may also be in the query, because browsers
/// cannot set headers of WebSockets and of event streams.</summary>
internal sealed class TokenAuthentication(
    IOptions<AuthenticationOptions> options,
    Authority authority,
    IHostEnvironment environment,
    TimeProvider time
) : IConfigureNamedOptions<JwtBearerOptions>
{
    private const string AppIdScheme = "api://";

    /// <summary>How far the clocks of the issuer and of this node may differ at the start of a token. The end of a
    /// token is exact.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AuthorityTimeout = TimeSpan.FromSeconds(10);

    public void Configure(string? name, JwtBearerOptions options) => Configure(options);

    public void Configure(JwtBearerOptions bearer)
    {
        bearer.Authority = options.Value.Authority;
        bearer.Audience = null;

        // AuthenticationOptionsValidator refuses http anywhere else.
        bearer.RequireHttpsMetadata = !environment.IsDevelopment();
        bearer.BackchannelTimeout = AuthorityTimeout;
        bearer.RefreshInterval = Authority.RefreshInterval;
        bearer.MapInboundClaims = false;

        // The token is not needed again, and would stay in memory as long as the connection.
        bearer.SaveToken = false;
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAudiences = AudiencesOf(options.Value.Audience),
            AuthenticationType = JwtBearerDefaults.AuthenticationScheme,
            ClockSkew = ClockSkew,
            ValidAlgorithms = ["RS256"],

            // The signature is the most expensive check of a request. It comes last, and uses only the key that the
            // token names.
            ValidateSignatureLast = true,
            TryAllIssuerSigningKeys = false,
        };
        bearer.Events = new JwtBearerEvents
        {
            OnMessageReceived = ReceiveAsync,
            OnAuthenticationFailed = context =>
            {
                if (context.Exception is SecurityTokenSignatureKeyNotFoundException && authority.MayLackKey())
                {
                    context.HttpContext.Items[this] = true;
                }
                else
                {
                    authority.Refused(context.Exception);
                }

                return Task.CompletedTask;
            },
            OnTokenValidated = context =>
            {
                // A connection ends with its token. A connection that opens within the clock skew after the end would
                // be closed at once.
                if (context.SecurityToken.ValidTo <= time.GetUtcNow().UtcDateTime)
                {
                    var expired = new SecurityTokenExpiredException();
                    authority.Refused(expired);
                    context.Fail(expired);
                }

                return Task.CompletedTask;
            },
            OnChallenge = ChallengeAsync,
            OnForbidden = context =>
                Problems
                    .Of(StatusCodes.Status403Forbidden, "The token does not allow this")
                    .ExecuteAsync(context.HttpContext),
        };
    }

    /// <summary>
    /// The audiences of the hub's application. Entra writes the client id in lower case. In tokens of version 1 the
    /// audience is the application id URI, whose default form is <c>api://{client id}</c>.
    /// </summary>
    internal static string[] AudiencesOf(string audience)
    {
        var id = audience.StartsWith(AppIdScheme, StringComparison.OrdinalIgnoreCase)
            ? audience[AppIdScheme.Length..]
            : audience;
        return Guid.TryParse(id, out var clientId) ? [clientId.ToString(), $"{AppIdScheme}{clientId}"] : [audience];
    }

    private static bool MayBeInQuery(HttpRequest request) =>
        request.Path.StartsWithSegments("/hubs") || EventStreams.IsOfPresence(request);

    private Task ReceiveAsync(MessageReceivedContext context)
    {
        if (MayBeInQuery(context.Request) && context.Request.Query["access_token"] is [{ Length: > 0 } token])
        {
            context.Token = token;
        }

        if (
            !authority.HasKeys
            && (context.Token is not null || context.Request.Headers.ContainsKey(HeaderNames.Authorization))
        )
        {
            // The library would ask the issuer again for each request.
            context.Fail("There are no keys to judge the token with");
            context.HttpContext.Items[this] = true;
        }

        return Task.CompletedTask;
    }

    private async Task ChallengeAsync(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        if (context.HttpContext.Items.ContainsKey(this))
        {
            await Problems
                .RetryLater(
                    StatusCodes.Status503ServiceUnavailable,
                    "Tokens cannot be checked at present: their issuer cannot be reached",
                    Authority.RetryAfter
                )
                .ExecuteAsync(context.HttpContext);
            return;
        }

        context.Response.Headers.WWWAuthenticate = JwtBearerDefaults.AuthenticationScheme;
        var answer =
            context.AuthenticateFailure is SecurityTokenExpiredException
                ? Problems.Of(StatusCodes.Status401Unauthorized, TokenExpiry.Detail, ErrorCode.TokenExpired)
                : Problems.Of(StatusCodes.Status401Unauthorized, "A valid bearer token is needed");
        await answer.ExecuteAsync(context.HttpContext);
    }
}
