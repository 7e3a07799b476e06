using System.Net;
using System.Net.Mime;
using System.Text.Json;

namespace PresenceHub.Client;

/// <summary>
/// Passes the answers to a connection's HTTP requests to its <see cref="ConnectRefusal"/>. After a refusal it sends no
/// further request: SignalR would negotiate again for another transport and load a busy hub further.
/// </summary>
internal sealed class RefusalHandler(HttpMessageHandler inner, ConnectRefusal refusal) : DelegatingHandler(inner)
{
    private const int MaxProblemBytes = 64 * 1024;
    private const string ProblemJson = MediaTypeNames.Application.ProblemJson;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        if (refusal.RetryAfter is not null)
        {
            return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { RequestMessage = request };
        }

        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        refusal.Read(response);
        var isNegotiation = request.RequestUri?.AbsolutePath.EndsWith("/negotiate", StringComparison.Ordinal) is true;
        var needsToken = response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
        if (!response.IsSuccessStatusCode && (isNegotiation || needsToken))
        {
            // A transport's other errors may only mean that another node answered, or that a proxy blocks it.
            var (code, detail) = await ReadProblemAsync(response.Content, cancellationToken).ConfigureAwait(false);
            refusal.Refuse(response.StatusCode, code, detail);
        }
        else if (isNegotiation && response.Content.Headers.ContentType?.MediaType is MediaTypeNames.Application.Json)
        {
            refusal.Negotiated();
        }

        return response;
    }

    private static async Task<(string? Code, string? Detail)> ReadProblemAsync(
        HttpContent content,
        CancellationToken cancellationToken
    )
    {
        if (content.Headers.ContentType?.MediaType is not (ProblemJson or MediaTypeNames.Application.Json))
        {
            return (null, null);
        }

        try
        {
#if NET9_0_OR_GREATER
            await content.LoadIntoBufferAsync(MaxProblemBytes, cancellationToken).ConfigureAwait(false);
#else
            await content.LoadIntoBufferAsync(MaxProblemBytes).WaitAsync(cancellationToken).ConfigureAwait(false);
#endif
            var body = await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            using var problem = JsonDocument.Parse(body);
            return problem.RootElement.ValueKind is JsonValueKind.Object
                ? (TextOf(problem, "code"), TextOf(problem, "detail"))
                : (null, null);
        }
        catch (Exception exception) when (exception is JsonException or HttpRequestException or IOException)
        {
            // The status alone decides then.
            return (null, null);
        }
    }

    private static string? TextOf(JsonDocument problem, string name) =>
        problem.RootElement.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}
