using System.Text.Json;

namespace PresenceHub.Server.Hubs;

/// <summary>
/// Observes the requests to the issuer of client tokens. The library refreshes the keys in the background and does not
/// report the outcome.
/// </summary>
internal sealed class AuthorityChannel(HttpMessageHandler inner, Authority authority) : DelegatingHandler(inner)
{
    /// <summary>The documents of real issuers have some 20 KB.</summary>
    private const int MaxAnswerBytes = 1024 * 1024;

    /// <summary>The document that names where the keys are. Only the answer with the keys ends a failure.</summary>
    private const string Metadata = "/.well-known/openid-configuration";

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            var isMetadata =
                request.RequestUri?.AbsolutePath.EndsWith(Metadata, StringComparison.OrdinalIgnoreCase) is true;
            if (!response.IsSuccessStatusCode || !await IsExpectedAsync(response, isMetadata, cancellationToken))
            {
                authority.RefreshFailed();
            }
            else if (!isMetadata)
            {
                authority.RefreshSucceeded();
            }

            return response;
        }
        catch
        {
            authority.RefreshFailed();
            throw;
        }
    }

    /// <summary>Whether an answer is the document that was asked for. A captive portal or a proxy may answer any
    /// request with 200 and a page of its own.</summary>
    private static async Task<bool> IsExpectedAsync(
        HttpResponseMessage response,
        bool isMetadata,
        CancellationToken cancellationToken
    )
    {
        // The library reads the answer again, from the same buffer.
        await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
        using var answer = new MemoryStream(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        try
        {
            using var document = await JsonDocument.ParseAsync(answer, cancellationToken: cancellationToken);
            return document.RootElement.ValueKind is JsonValueKind.Object
                && (isMetadata ? NamesKeys(document.RootElement) : HoldsKeys(document.RootElement));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool NamesKeys(JsonElement metadata) =>
        metadata.TryGetProperty("jwks_uri", out var address) && address.ValueKind is JsonValueKind.String;

    private static bool HoldsKeys(JsonElement keySet) =>
        keySet.TryGetProperty("keys", out var keys)
        && keys.ValueKind is JsonValueKind.Array
        && keys.GetArrayLength() > 0;
}
