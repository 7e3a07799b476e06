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

    /// <summary>Untyped, so that tests spell out the protocol's names.</summary>
    public IHubClients<IClientProxy> Clients => _app.Services.GetRequiredService<IHubContext<ScriptedHub>>().Clients;

    public static async Task<HubServer> StartAsync(long maxMessageBytes = 65_536, bool withMessagePack = true)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting().AddLogging().AddSingleton<HubScript>();
        var signalR = builder.Services.AddSignalR(hub => hub.MaximumReceiveMessageSize = maxMessageBytes);
        if (withMessagePack)
        {
            signalR.AddMessagePackProtocol();
        }

        var app = builder.Build();
        app.Use(RefuseOnceAsync);
        app.Use(PassNetworkAsync);
        app.MapHub<ScriptedHub>("/hubs/presence");
        await app.StartAsync();
        return new HubServer(app);
    }

    public PresenceClient NewClient(
        bool useMessagePack,
        Action<HttpConnectionOptions>? configure = null,
        bool? skipNegotiation = null,
        TimeSpan? callTimeout = null,
        Func<TokenRequest, Task<string?>>? token = null
    ) =>
        new(
            new PresenceClientOptions
            {
                Url = new Uri($"{_app.Urls.Single()}/hubs/presence"),
                UseMessagePack = useMessagePack,
                AccessTokenFactory = token ?? (_ => Task.FromResult<string?>("the-token")),
                SkipNegotiation = skipNegotiation,
                CallTimeout = callTimeout ?? TimeSpan.FromSeconds(30),
                ReconnectBase = TimeSpan.FromMilliseconds(1),
                ReconnectCap = TimeSpan.FromMilliseconds(50),
                ConfigureConnection = configure,
            }
        );

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

    private static async Task PassNetworkAsync(HttpContext context, RequestDelegate next)
    {
        var network = context.RequestServices.GetRequiredService<HubScript>().Network;
        if (network.Pass(context.Request) is not { } answer)
        {
            await next(context);
            return;
        }

        if (answer is ScriptedNetwork.Hangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        context.Response.StatusCode = answer;
        if (network.Problem is { } problem)
        {
            context.Response.ContentType = "application/problem+json";
            await context.Response.WriteAsync(problem, context.RequestAborted);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), TimeProvider.System);
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }
}
