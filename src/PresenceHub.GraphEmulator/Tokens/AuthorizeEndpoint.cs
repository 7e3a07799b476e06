using Microsoft.AspNetCore.WebUtilities;

namespace PresenceHub.GraphEmulator.Tokens;

/// <summary>The browser's part of a sign-in. Consent is always given; <c>login_hint</c> selects the user.</summary>
internal sealed class AuthorizeEndpoint(
    AuthorizationCodes codes,
    ClientAuthentication clients,
    Accounts accounts,
    GraphEmulatorOptions options
)
{
    private const int PeopleOnPage = 100;

    public IResult Authorize(HttpRequest request)
    {
        var query = request.Query;
        var redirectUri = query["redirect_uri"].ToString();

        // Other redirects would make the emulator an open redirector.
        if (!Uri.TryCreate(redirectUri, UriKind.Absolute, out var target) || !target.IsLoopback)
        {
            return new EntraError(
                "invalid_request",
                50011,
                "The redirect URI specified in the request must be on loopback."
            );
        }

        var clientId = query["client_id"].ToString();
        var scope = TokenScope.TryParse(query["scope"].ToString(), options.HubAudience);
        if (
            !clients.IsRegistered(clientId)
            && !(options.Switches.AllowUnknownClients && scope?.Resource == TokenResource.Hub && clientId.Length > 0)
        )
        {
            return new EntraError(
                "unauthorized_client",
                700016,
                $"Application with identifier '{clientId}' was not found in the directory."
            );
        }

        if (query["response_type"] != "code")
        {
            return Redirect(query, ("error", "unsupported_response_type"));
        }

        if (scope is null)
        {
            return Redirect(query, ("error", "invalid_resource"));
        }

        var hint = query["login_hint"].ToString();
        if (hint.Length == 0)
        {
            return query["prompt"] == "none"
                ? Redirect(query, ("error", "login_required"))
                : SignInPage.Render(request, accounts.Suggest(PeopleOnPage));
        }

        if (!accounts.TryFind(hint, scope.Resource, out var user))
        {
            return Redirect(query, ("error", "login_required"));
        }

        var challenge = query["code_challenge"].ToString();
        var signIn = new SignIn(clientId, user.Id, query["scope"].ToString(), query["nonce"]);
        var code = codes.Add(
            signIn,
            redirectUri,
            challenge.Length > 0 ? challenge : null,
            query["code_challenge_method"] == "S256"
        );
        return Redirect(query, ("code", code));
    }

    private static IResult Redirect(IQueryCollection query, (string Name, string Value) answer)
    {
        var values = new Dictionary<string, string?> { [answer.Name] = answer.Value };
        if (query["state"].ToString() is { Length: > 0 } state)
        {
            values["state"] = state;
        }

        var redirectUri = query["redirect_uri"].ToString();
        var target =
            query["response_mode"] == "fragment"
                ? $"{redirectUri}#{QueryHelpers.AddQueryString("", values)[1..]}"
                : QueryHelpers.AddQueryString(redirectUri, values);
        return Results.Redirect(target);
    }
}
