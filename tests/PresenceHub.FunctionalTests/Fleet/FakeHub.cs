using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using PresenceHub.Contracts;

namespace PresenceHub.FunctionalTests.Fleet;

/// <summary>A hub of the contract that does on purpose what a real one must not do.</summary>
internal sealed class FakeHub : IAsyncDisposable
{
    private const string Bearer = "Bearer ";

    private readonly ConcurrentDictionary<string, HubCallerContext> _connections = new();
    private readonly ConcurrentDictionary<string, bool> _refusedTokens = new();
    private readonly ConcurrentQueue<WatchRequest> _watches = new();
    private readonly WebApplication _app;
    private int _busyUpgrades;
    private int _unavailableCalls;

    private FakeHub(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public string[] People { get; } = [.. Enumerable.Range(0, 20).Select(_ => Guid.NewGuid().ToString())];

    /// <summary>The next upgrades are answered 503 with a Retry-After of zero seconds.</summary>
    public int BusyUpgrades
    {
        set => _busyUpgrades = value;
    }

    /// <summary>The next calls of <c>Watch</c> are answered <c>unavailable</c>.</summary>
    public int UnavailableCalls
    {
        set => _unavailableCalls = value;
    }

    /// <summary>A call of <c>Watch</c> with more ids is refused.</summary>
    public int MaxIdsPerCall { get; set; } = int.MaxValue;

    /// <summary>What the hub says at the end of a first <c>Watch</c>, to that client.</summary>
    public Func<string[], IEnumerable<PresenceEntry>> AfterWatch { get; set; } = _ => [];

    /// <summary>Awaited before a call of <c>Unwatch</c> is answered.</summary>
    public Func<Task> BeforeUnwatchAnswer { get; set; } = () => Task.CompletedTask;

    /// <summary>The calls of <c>Watch</c>, in their order.</summary>
    public IReadOnlyCollection<WatchRequest> Watches => _watches;

    /// <summary>The revision that REST shows; clients are told revision 1.</summary>
    public long StoredRevision { get; set; } = 1;

    public int TokensGivenOut { get; private set; }

    public static async Task<FakeHub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        FakeHub? hub = null;
        builder.Services.AddSingleton(_ => hub!);
        builder.Services.AddSignalR().AddMessagePackProtocol();
        var app = builder.Build();
        hub = new FakeHub(app);
        app.Urls.Add("http://127.0.0.1:0");
        app.Use(hub.AdmitAsync);
        app.MapHub<Methods>("/hubs/presence");
        app.MapPost("/dev/token", () => new { accessToken = $"token-{++hub.TokensGivenOut}", expiresIn = 60 });
        app.MapGet("/dev/people", () => hub.People.Select(id => new
            {
                id,
                displayName = id,
                department = "all",
            }));
        app.MapPost("/api/presence", (WatchRequest request) =>
            new { entries = request.Ids.Select(id => Entry(id, hub.StoredRevision)), rejected = Array.Empty<string>() }
        );
        await app.StartAsync();
        return hub;
    }

    public static PresenceEntry Entry(string id, long revision) =>
        new(
            id,
            "Busy",
            "InACall",
            Freshness.Live,
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch.AddSeconds(revision),
            1,
            revision
        );

    /// <summary>All tokens given out so far expire: their connections are closed, and new ones are refused.</summary>
    public void ExpireTokens()
    {
        for (var number = 1; number <= TokensGivenOut; number++)
        {
            RefuseToken($"token-{number}");
        }
    }

    public void RefuseToken(string token)
    {
        _refusedTokens[token] = true;
        foreach (var connection in _connections.Values)
        {
            connection.Abort();
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AdmitAsync(HttpContext context, RequestDelegate next)
    {
        var token = context.Request.Headers.Authorization.ToString();
        if (token.StartsWith(Bearer, StringComparison.Ordinal) && _refusedTokens.ContainsKey(token[Bearer.Length..]))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        if (context.Request.Headers.ContainsKey(HeaderNames.Upgrade) && Interlocked.Decrement(ref _busyUpgrades) >= 0)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "0";
            return Task.CompletedTask;
        }

        return next(context);
    }

    internal sealed class Methods(FakeHub hub) : Hub
    {
        public override Task OnConnectedAsync()
        {
            hub._connections[Context.ConnectionId] = Context;
            return Task.CompletedTask;
        }

        public override Task OnDisconnectedAsync(Exception? exception)
        {
            hub._connections.TryRemove(Context.ConnectionId, out _);
            return Task.CompletedTask;
        }

        public async Task<WatchResult> Watch(WatchRequest request)
        {
            if (Interlocked.Decrement(ref hub._unavailableCalls) >= 0)
            {
                throw new HubException("unavailable: later");
            }

            if (request.Ids.Count > hub.MaxIdsPerCall)
            {
                throw new HubException(
                    $"limitExceeded: ids holds {request.Ids.Count} entries; one call may carry {hub.MaxIdsPerCall}"
                );
            }

            hub._watches.Enqueue(request);
            foreach (var entry in hub.AfterWatch([.. request.Ids]))
            {
                await Clients.Caller.SendAsync(nameof(IPresenceClient.PresenceChanged), new[] { entry });
            }

            return new WatchResult([.. request.Ids.Select(id => Entry(id, 1))], [], "cursor");
        }

        public Task Unwatch(string[] ids) => hub.BeforeUnwatchAnswer();

        public Task<PresenceEntry[]> Get(string[] ids) =>
            hub._connections.ContainsKey(Context.ConnectionId)
                ? Task.FromResult(ids.Select(id => Entry(id, 1)).ToArray())
                : throw new HubException("unavailable: gone");
    }
}
