using System.Globalization;
using PresenceHub.Testing;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>Stands between Graph and the hub's endpoint and shows what Graph posts.</summary>
internal sealed class NotificationForwarder : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new(new SocketsHttpHandler());
    private readonly TaskCompletionSource<Uri> _target = new();

    private NotificationForwarder(WebApplication app, Uri address) => (_app, Address) = (app, address);

    public Uri Address { get; }

    /// <summary>The hub; known only after it was told to have Graph post here.</summary>
    public Uri Target
    {
        set => _target.SetResult(value);
    }

    public static async Task<NotificationForwarder> StartAsync(Action<PathString, byte[]> posted)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Take()}"));
        builder.WebHost.UseUrls(address.ToString());
        var forwarder = new NotificationForwarder(builder.Build(), address);
        forwarder._app.MapPost("/{**path}", context => forwarder.ForwardAsync(context, posted));
        await forwarder._app.StartAsync();
        return forwarder;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task ForwardAsync(HttpContext context, Action<PathString, byte[]> posted)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(await _target.Task, context.Request.Path + context.Request.QueryString)
        )
        {
            Content = new ByteArrayContent(body.ToArray()),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        using var answer = await _http.SendAsync(request);
        if (!context.Request.Query.ContainsKey("validationToken"))
        {
            posted(context.Request.Path, body.ToArray());
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(context.Response.Body);
    }
}
