using System.Net;
using System.Text.RegularExpressions;

namespace PresenceHub.Client;

/// <summary>
/// Shows every answer of a connection's HTTP requests to its <see cref="ConnectRefusal"/>. After a refusal it sends
/// nothing: SignalR would
/// negotiate again for another transport, which a busy hub could serve even less.
/// </summary>
internal sealed partial class RefusalHandler(HttpMessageHandler inner, ConnectRefusal refusal) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (refusal.RetryAfter is not null)
        {
            return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { RequestMessage = request };
        }

        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        refusal.Read(response);
        if (!response.IsSuccessStatusCode
            && request.RequestUri?.AbsolutePath.EndsWith("/negotiate", StringComparison.Ordinal) is true)
        {
            await response.Content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
            var body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            refusal.Refuse(CodeInProblem().Match(body) is { Success: true } match ? match.Groups[1].Value : null, response.StatusCode);
        }

        return response;
    }

    [GeneratedRegex("\"code\"\\s*:\\s*\"([A-Za-z]+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex CodeInProblem();
}
