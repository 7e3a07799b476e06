using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace PresenceHub.GraphEmulator.Tests;

/// <summary>A subscriber's endpoint: answers validation, keeps what is posted, and can misbehave.</summary>
internal sealed class NotificationListener : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<string> _bodies = Channel.CreateUnbounded<string>();

    private NotificationListener(WebApplication app) => _app = app;

    public string Url { get; private set; } = "";

    public ConcurrentQueue<string> Validations { get; } = new();

    /// <summary>Answers a validation request; the default echoes the token as it should be.</summary>
    public Func<string, IResult> Validate { get; set; } = token => Results.Text(token, "text/plain");

    /// <summary>Answers a POST of notifications.</summary>
    public Func<Task<int>> Answer { get; set; } = () => Task.FromResult(StatusCodes.Status202Accepted);

    public static async Task<NotificationListener> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var listener = new NotificationListener(app);
        app.UseRouting();
        app.MapPost("/notify", (Delegate)listener.ReceiveAsync);
        await app.StartAsync();
        var bound = app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
        listener.Url = $"{bound}/notify?tag=a%20b";
        return listener;
    }

    /// <summary>The next body posted.</summary>
    public async Task<string> NextAsync()
    {
        using var patience = new CancellationTokenSource(EmulatorFixture.Patience);
        return await _bodies.Reader.ReadAsync(patience.Token);
    }

    public bool TryNext(out string? body) => _bodies.Reader.TryRead(out body);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        Assert.Equal("a b", request.Query["tag"]);
        if (request.Query["validationToken"].ToString() is { Length: > 0 } token)
        {
            Validations.Enqueue(token);
            return Validate(token);
        }

        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        var status = await Answer();
        _bodies.Writer.TryWrite(body);
        return Results.StatusCode(status);
    }
}
