using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace PresenceHub.Client.Tests.Functional;

/// <summary>A hub on a real socket: only a real connection can be cut.</summary>
internal sealed class HubServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HubServer(WebApplication app) => _app = app;

    public HubScript Script => _app.Services.GetRequiredService<HubScript>();

    /// <summary>Untyped, so that tests say the protocol's names themselves.</summary>
    public IHubClients<IClientProxy> Clients => _app.Services.GetRequiredService<IHubContext<ScriptedHub>>().Clients;

    public static async Task<HubServer> StartAsync(long maxMessageBytes = 65_536)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting().AddLogging().AddSingleton<HubScript>();
        builder.Services.AddSignalR(hub => hub.MaximumReceiveMessageSize = maxMessageBytes).AddMessagePackProtocol();
        var app = builder.Build();
        app.Use(RefuseOnceAsync);
        app.MapHub<ScriptedHub>("/hubs/presence");
        await app.StartAsync();
        return new HubServer(app);
    }

    public PresenceClient NewClient(bool useMessagePack, Action<HttpConnectionOptions>? configure = null) => new(new PresenceClientOptions
    {
        HubUri = new Uri($"{_app.Urls.Single()}/hubs/presence"),
        UseMessagePack = useMessagePack,
        AccessTokenProvider = _ => Task.FromResult<string?>("the-token"),
        ReconnectBase = TimeSpan.FromMilliseconds(1),
        ReconnectCap = TimeSpan.FromMilliseconds(50),
        ConfigureConnection = configure,
    });

    // Before the routing, as a hub that is busy does: the refusal costs it nothing.
    private static async Task RefuseOnceAsync(HttpContext context, RequestDelegate next)
    {
        var script = context.RequestServices.GetRequiredService<HubScript>();
        script.Requests.Add((context.Request.Path + context.Request.QueryString, Stopwatch.GetTimestamp()));
        if (!script.Refuses(context.Request) || Interlocked.Exchange(ref script.RetryAfter, null) is not { } retryAfter)
        {
            await next(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = retryAfter;
        context.Response.ContentType = "application/problem+json";
        await context.Response.WriteAsync("""{"status":503,"code":"unavailable"}""", context.RequestAborted);
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), TimeProvider.System);
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }
}
