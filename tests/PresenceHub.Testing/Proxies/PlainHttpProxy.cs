using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace PresenceHub.Testing.Proxies;

/// <summary>
/// An HTTP proxy on loopback that passes no upgrade on, so that WebSockets do not get through, as in front of a hub
/// whose proxy was not set up for them. Everything else it streams to one node.
/// </summary>
internal sealed class PlainHttpProxy : IAsyncDisposable
{
    private static readonly string[] HopByHop = ["Connection", "Host", "Keep-Alive", "Transfer-Encoding", "Upgrade"];

    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _node = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly Uri _target;
    private readonly ConcurrentDictionary<string, int> _passed = [];

    private PlainHttpProxy(Uri target)
    {
        _target = target;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(ForwardAsync);
    }

    public Uri Address =>
        new(
            _app.Services.GetRequiredService<IServer>()
                .Features.GetRequiredFeature<IServerAddressesFeature>()
                .Addresses.Single()
        );

    /// <summary>Whether event streams are answered with 502.</summary>
    public bool BlocksEvents { get; init; }

    /// <summary>Event streams that a node served.</summary>
    public int Events => _passed.GetValueOrDefault("events");

    /// <summary>Polls that a node served.</summary>
    public int Polls => _passed.GetValueOrDefault("poll");

    public static async Task<PlainHttpProxy> StartAsync(Uri target, bool blocksEvents = false)
    {
        var proxy = new PlainHttpProxy(target) { BlocksEvents = blocksEvents };
        await proxy._app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        // Streams do not end by themselves.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
        _node.Dispose();
    }

    private static HttpRequestMessage Copy(HttpRequest original, Uri target)
    {
        var request = new HttpRequestMessage(
            new HttpMethod(original.Method),
            new Uri(target, original.Path + original.QueryString)
        );
        if (original.ContentLength > 0 || original.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(original.Body);
        }

        foreach (var (name, values) in original.Headers.Where(header => !HopByHop.Contains(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        return request;
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var isStream = context.Request.Headers.Accept.Contains("text/event-stream");
        if (isStream && BlocksEvents)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            return;
        }

        try
        {
            using var request = Copy(context.Request, _target);
            using var answer = await _node.SendAsync(request, context.RequestAborted);

            // A node takes a WebSocket without its upgrade for a poll.
            var isTransport =
                HttpMethods.IsGet(context.Request.Method)
                && context.Request.Query.ContainsKey("id")
                && context.Request.Headers.Upgrade.Count is 0;
            if (isTransport && answer.IsSuccessStatusCode)
            {
                _passed.AddOrUpdate(isStream ? "events" : "poll", 1, (_, count) => count + 1);
            }

            await PassBackAsync(answer, context);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            context.Abort();
        }
    }

    private static async Task PassBackAsync(HttpResponseMessage answer, HttpContext context)
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (
            var (name, values) in answer
                .Headers.Concat(answer.Content.Headers)
                .Where(header => !HopByHop.Contains(header.Key))
        )
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await context.Response.StartAsync(context.RequestAborted);
        var buffer = new byte[16 * 1024];
        await using var body = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
        while (await body.ReadAsync(buffer, context.RequestAborted) is var count and > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
