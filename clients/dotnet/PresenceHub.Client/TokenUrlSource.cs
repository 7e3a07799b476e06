using System.Net.Http.Json;
using System.Text.Json;

namespace PresenceHub.Client;

/// <summary>
/// Takes tokens from an address of the application. A POST answers
/// <c>{ "accessToken": "…", "expiresIn": seconds }</c>. A token is used until a quarter of its life is left.
/// </summary>
internal sealed class TokenUrlSource(IHttpClientFactory clients, Uri url, TimeProvider time)
{
    private const int MostBytes = 1024 * 1024;
    private const double UsedPart = 0.75;
    private const double LongestSeconds = 24 * 60 * 60;

    private volatile Issued? _issued;

    public async Task<string?> GetAsync(TokenRequest request)
    {
        if (!request.Refresh && _issued is { } held && time.GetUtcNow() < held.RenewAt)
        {
            return held.Token;
        }

        var asked = time.GetUtcNow();
        var answer = await AskAsync(request.CancellationToken).ConfigureAwait(false);
        if (answer?.AccessToken is not { Length: > 0 } token)
        {
            throw new InvalidOperationException(
                $"The token address {url.ToLogText()} answered without \"accessToken\"."
            );
        }

        // A lifetime of centuries would overflow the clock.
        var lifetime = TimeSpan.FromSeconds(Math.Clamp(answer.ExpiresIn, 0, LongestSeconds));
        _issued = new Issued(token, asked + (lifetime * UsedPart));
        return token;
    }

    private async Task<TokenAnswer?> AskAsync(CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(PresenceClientExtensions.HttpClientName);
        client.MaxResponseContentBufferSize = MostBytes;
        using var response = await client.PostAsync(url, content: null, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException(
                $"The token address {url.ToLogText()} answered {(int)response.StatusCode}.",
                inner: null,
                response.StatusCode
            );
        }

        try
        {
            return await response.Content.ReadFromJsonAsync<TokenAnswer>(cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException(
                $"The token address {url.ToLogText()} answered with something else.",
                exception
            );
        }
    }

    private sealed record Issued(string Token, DateTimeOffset RenewAt);

    private sealed record TokenAnswer(string? AccessToken, double ExpiresIn);
}
