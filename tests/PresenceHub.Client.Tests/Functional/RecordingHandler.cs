using System.Text;
using PresenceHub.Client.Tests.Fakes;

namespace PresenceHub.Client.Tests.Functional;

/// <summary>Keeps what the client posts over long polling, byte for byte.</summary>
internal sealed class RecordingHandler(HttpMessageHandler inner, Inbox<string> posts) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        if (request.Method == HttpMethod.Post && request.Content is { } content)
        {
            posts.Add(Encoding.UTF8.GetString(await content.ReadAsByteArrayAsync(cancellationToken)));
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
