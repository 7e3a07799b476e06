using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using PresenceHub.GraphEmulator.People;

namespace PresenceHub.GraphEmulator.Tokens;

/// <summary>The three grants of the token endpoint.</summary>
internal sealed class TokenGrants(
    TokenIssuer issuer,
    BearerTokens bearerTokens,
    AuthorizationCodes codes,
    ClientAuthentication clients,
    Accounts accounts,
    GraphEmulatorOptions options
)
{
    private readonly ConcurrentDictionary<string, bool> _usedRefreshTokens = new();

    public async Task<IResult> RedeemAsync(IFormCollection form)
    {
        return form["grant_type"].ToString() switch
        {
            "client_credentials" => await ForApplicationAsync(form),
            "authorization_code" => await ForCodeAsync(form),
            "refresh_token" => await ForRefreshTokenAsync(form),
            var other => new EntraError(
                "unsupported_grant_type",
                70003,
                $"The app requested an unsupported grant type '{other}'."
            ),
        };
    }

    private async Task<IResult> ForApplicationAsync(IFormCollection form)
    {
        if (!clients.IsRegistered(form["client_id"].ToString()))
        {
            return UnknownClient(form["client_id"].ToString());
        }

        if (await clients.CheckAsync(form, required: true) is { } refusal)
        {
            return refusal;
        }

        if (TokenScope.TryParse(form["scope"].ToString(), options.HubAudience) is not { IsDefault: true } scope)
        {
            return new EntraError(
                "invalid_scope",
                1002012,
                "Client credential flows must have a scope value that ends in /.default."
            );
        }

        var (token, life) = issuer.ForApplication(scope.Resource, options.ClientId);
        return Results.Json(Answer(token, life));
    }

    private async Task<IResult> ForCodeAsync(IFormCollection form)
    {
        var clientId = form["client_id"].ToString();
        if (
            codes.TryTake(form["code"].ToString()) is not { } code
            || !code.SignIn.ClientId.Equals(clientId, StringComparison.OrdinalIgnoreCase)
            || code.RedirectUri != form["redirect_uri"].ToString()
        )
        {
            return EntraError.InvalidGrant(
                "The provided authorization code or redirect URI is invalid or has expired.",
                70008
            );
        }

        if (!code.Accepts(form["code_verifier"]))
        {
            return EntraError.InvalidGrant(
                "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
                501481
            );
        }

        if (await CheckClientAsync(form, required: !code.HasChallenge) is { } refusal)
        {
            return refusal;
        }

        return ForUser(code.SignIn, form);
    }

    private async Task<IResult> ForRefreshTokenAsync(IFormCollection form)
    {
        var text = form["refresh_token"].ToString();
        if (
            await bearerTokens.TryValidateAsync(text, TokenIssuer.RefreshAudience) is not { } token
            || !token
                .GetPayloadValue<string>("client")
                .Equals(form["client_id"].ToString(), StringComparison.OrdinalIgnoreCase)
        )
        {
            return EntraError.InvalidGrant("The refresh token is malformed, expired or revoked.", 70000);
        }

        if (
            options.Switches.SingleUseRefreshTokens
            && !_usedRefreshTokens.TryAdd(token.GetPayloadValue<string>("jti"), true)
        )
        {
            return EntraError.InvalidGrant("The refresh token has already been used.", 54005);
        }

        if (await CheckClientAsync(form, required: false) is { } refusal)
        {
            return refusal;
        }

        var signIn = new SignIn(
            token.GetPayloadValue<string>("client"),
            Guid.Parse(token.GetPayloadValue<string>("oid")),
            token.GetPayloadValue<string>("scope")
        );
        return ForUser(signIn, form);
    }

    private async Task<EntraError?> CheckClientAsync(IFormCollection form, bool required) =>
        clients.IsRegistered(form["client_id"].ToString()) ? await clients.CheckAsync(form, required) : null;

    private IResult ForUser(SignIn signIn, IFormCollection form)
    {
        var asked = form["scope"].ToString() is { Length: > 0 } text ? text : signIn.Scope;
        if (TokenScope.TryParse(asked, options.HubAudience) is not { } scope)
        {
            return new EntraError("invalid_resource", 500011, "The resource principal was not found in the tenant.");
        }

        if (scope.Resource == TokenResource.Graph && !clients.IsRegistered(signIn.ClientId))
        {
            return UnknownClient(signIn.ClientId);
        }

        if (!accounts.TryFind(signIn.UserId.ToString(), scope.Resource, out var user))
        {
            return EntraError.InvalidGrant("The user account does not exist in the tenant.", 50034);
        }

        return Results.Json(ForUser(signIn with { Scope = asked }, scope, user, form["client_info"] == "1"));
    }

    private JsonObject ForUser(SignIn signIn, TokenScope scope, Person user, bool wantsClientInfo)
    {
        var granted = scope.IsDefault
            ? scope.Resource == TokenResource.Graph
                ? options.DelegatedPermissions
                : "access"
            : string.Join(' ', scope.Names);
        var (token, life) = issuer.ForUser(scope.Resource, signIn.ClientId, user, granted);
        var answer = Answer(token, life);
        var prefix = issuer.AudienceOf(scope.Resource) + "/";
        var names = granted
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Concat(scope.IsDefault ? [".default"] : []);
        answer["scope"] = string.Join(' ', names.Select(name => prefix + name));
        if (scope.WantsRefreshToken)
        {
            answer["refresh_token"] = issuer.RefreshToken(signIn);
        }

        if (scope.WantsIdToken)
        {
            answer["id_token"] = issuer.IdToken(signIn.ClientId, user, signIn.Nonce);
        }

        if (wantsClientInfo)
        {
            answer["client_info"] = Base64UrlEncoder.Encode(
                Encoding.UTF8.GetBytes(
                    new JsonObject { ["uid"] = user.Id.ToString(), ["utid"] = options.TenantId }.ToJsonString()
                )
            );
        }

        return answer;
    }

    private static JsonObject Answer(string token, TimeSpan life) =>
        new()
        {
            ["token_type"] = "Bearer",
            ["expires_in"] = (int)life.TotalSeconds,
            ["ext_expires_in"] = (int)life.TotalSeconds,
            ["access_token"] = token,
        };

    private static EntraError UnknownClient(string clientId) =>
        new("unauthorized_client", 700016, $"Application with identifier '{clientId}' was not found in the directory.");
}
