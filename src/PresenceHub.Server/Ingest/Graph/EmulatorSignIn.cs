using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>Signs people of the emulated tenant in without a browser: the emulator asks for no password.</summary>
internal sealed class EmulatorSignIn(IHttpClientFactory http, IOptions<GraphOptions> options)
{
    private const string RedirectUri = "http://localhost";

    private readonly GraphOptions _options = options.Value;

    /// <param name="loginHint">Object id or user name.</param>
    /// <param name="scope">Permissions to ask for, separated by spaces.</param>
    /// <exception cref="HttpRequestException">The emulator cannot be reached or refuses.</exception>
    public async Task<(string AccessToken, TimeSpan ExpiresIn)> SignInAsync(
        string loginHint,
        string scope,
        CancellationToken cancellationToken
    )
    {
        if (_options.Mode is not GraphMode.Emulator)
        {
            throw new InvalidOperationException("Only people of the emulator can be signed in this way");
        }

        using var client = http.CreateClient(GraphClients.AuthorityHttpClient);
        var code = await AuthorizeAsync(client, loginHint, scope, cancellationToken);
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code",
                ["client_id"] = _options.ClientId!,
                ["client_secret"] = _options.ClientSecret!,
                ["redirect_uri"] = RedirectUri,
                ["scope"] = scope,
                ["code"] = code,
            }
        );
        using var response = await client.PostAsync(Endpoint("token"), form, cancellationToken);
        response.EnsureSuccessStatusCode();
        var token = await response.Content.ReadFromJsonAsync<TokenAnswer>(cancellationToken);
        return token?.AccessToken is { Length: > 0 } accessToken
            ? (accessToken, TimeSpan.FromSeconds(token.ExpiresIn))
            : throw new HttpRequestException("The emulator answered without a token");
    }

    private async Task<string> AuthorizeAsync(
        HttpClient client,
        string loginHint,
        string scope,
        CancellationToken cancellationToken
    )
    {
        var url = QueryHelpers.AddQueryString(
            Endpoint("authorize").ToString(),
            new Dictionary<string, string?>
            {
                ["client_id"] = _options.ClientId,
                ["response_type"] = "code",
                ["redirect_uri"] = RedirectUri,
                ["scope"] = scope,
                ["login_hint"] = loginHint,
                ["prompt"] = "none",
            }
        );
        using var response = await client.GetAsync(new Uri(url), cancellationToken);
        var answer = QueryHelpers.ParseQuery(response.Headers.Location?.Query);
        return answer.TryGetValue("code", out var code) && code.ToString() is { Length: > 0 } value
            ? value
            : throw new HttpRequestException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The emulator did not sign the account in ({(int)response.StatusCode})"
                )
            );
    }

    private Uri Endpoint(string name) => new(_options.AuthorityUri, $"/{_options.TenantId}/oauth2/v2.0/{name}");

    private sealed record TokenAnswer(
        [property: JsonPropertyName("access_token")] string? AccessToken,
        [property: JsonPropertyName("expires_in")] double ExpiresIn
    );
}
