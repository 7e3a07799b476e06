using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace PresenceHub.Server.Tests.Ingest.Graph;

/// <summary>Answers as Graph and its authority would, from a script, without a network.</summary>
internal sealed class FakeGraph(Func<HttpRequestMessage, string, HttpResponseMessage> answer)
    : HttpMessageHandler,
        IHttpClientFactory
{
    /// <summary>Method, path and body of every request that was not for a token.</summary>
    public ConcurrentQueue<(string Method, string Path, string Body)> Requests { get; } = new();

    /// <summary>What happens to a request that was recorded before it is answered, whether it is cancelled or
    /// not.</summary>
    public Func<Task> BeforeAnswer { get; set; } = () => Task.CompletedTask;

    /// <summary>Tokens handed out.</summary>
    public int Tokens { get; private set; }

    public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

    public static HttpResponseMessage Json(string json, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    public static HttpResponseMessage Error(HttpStatusCode status) =>
        Json("""{"error":{"code":"Failed","message":"as scripted"}}""", status);

    /// <summary>503 with the time after which the request is to be repeated.</summary>
    public static HttpResponseMessage Unavailable(TimeSpan retryAfter)
    {
        var response = Error(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter = new RetryConditionHeaderValue(retryAfter);
        return response;
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var path = request.RequestUri!.AbsolutePath;
        if (path.Contains("/oauth2/", StringComparison.Ordinal))
        {
            Tokens += path.EndsWith("/token", StringComparison.Ordinal) ? 1 : 0;
            return path.EndsWith("/authorize", StringComparison.Ordinal)
                ? new HttpResponseMessage(HttpStatusCode.Redirect)
                {
                    Headers = { Location = new Uri("http://localhost/?code=code") },
                }
                : Json("""{"token_type":"Bearer","access_token":"token","expires_in":3600}""");
        }

        var body = request.Content is null ? string.Empty : await request.Content.ReadAsStringAsync(cancellationToken);
        Requests.Enqueue((request.Method.Method, path, body));
        await BeforeAnswer();
        var response = answer(request, body);
        response.RequestMessage = request;
        return response;
    }
}
