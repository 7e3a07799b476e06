using System.Collections.Concurrent;
using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Hubs.WebSockets;

namespace PresenceHub.Server.Tests.Hubs.WebSockets;

/// <summary>Kestrel with a hub whose WebSockets are served directly.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;

    private EchoServer(WebApplication app, X509Certificate2 certificate, ConcurrentQueue<WeakReference> users) =>
        (_app, _certificate, Users) = (app, certificate, users);

    public Uri Address =>
        new(
            _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()
                + "/echo"
        );

    public EchoHub.Connections Connections => _app.Services.GetRequiredService<EchoHub.Connections>();

    /// <summary>Who was signed in, request by request.</summary>
    public ConcurrentQueue<WeakReference> Users { get; }

    /// <summary>Connections that are served directly.</summary>
    public int DirectCount => _app.Services.GetRequiredService<WebSocketConnections>().Count;

    public WrittenLog Log => _app.Services.GetRequiredService<WrittenLog>();

    public static async Task<EchoServer> StartAsync(
        bool tls = false,
        TimeSpan? tokenLifetime = null,
        Action<HubOptions>? configure = null
    )
    {
        var certificate = CreateCertificate();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        if (tls)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                if (tls)
                {
                    listen.UseHttps(certificate);
                }
            }));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<EchoHub.Connections>();
        builder.Services.AddSingleton<WrittenLog>();
        builder.Services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<WrittenLog>());
        builder.Services.Configure<FanoutOptions>(options => options.StuckAfter = TimeSpan.FromSeconds(1));
        builder.Services.AddSingleton<WebSocketConnections>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<WebSocketConnections>());
        builder.Services.AddSingleton(WatchLists.Quotas.Of(new PresenceHub.Server.WatchLists.WatchListOptions()));
        builder.Services.AddSingleton<WebSocketHub<EchoHub>>();
        builder.Services.AddRouting();
        builder.Services.AddSignalR(hub => configure?.Invoke(hub)).AddMessagePackProtocol();

        var app = builder.Build();
        var users = new ConcurrentQueue<WeakReference>();
        app.UseDirectWebSockets();
        app.UseRouting();
        app.Use(
            async (context, next) =>
            {
                var user = SignIn(context, tokenLifetime);
                users.Enqueue(new WeakReference(user));
                await next(context);

                // As authentication does, this keeps the user as long as it has not returned.
                GC.KeepAlive(user);
            }
        );
        app.MapHub<EchoHub>("/echo").ServeWebSocketsDirectly<EchoHub>(app);
        await app.StartAsync();
        return new EchoServer(app, certificate, users);
    }

    public bool Owns(X509Certificate? certificate) =>
        certificate?.GetCertHashString() == _certificate.GetCertHashString();

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private static ClaimsPrincipal SignIn(HttpContext context, TimeSpan? tokenLifetime)
    {
        context.User = new ClaimsPrincipal(
            new ClaimsIdentity([new Claim("oid", "someone"), new Claim("name", "Some One")], "test")
        );
        var properties = new AuthenticationProperties
        {
            ExpiresUtc = tokenLifetime is { } lifetime ? TimeProvider.System.GetUtcNow() + lifetime : null,
        };
        context.Features.Set<IAuthenticateResultFeature>(
            new Result
            {
                AuthenticateResult = AuthenticateResult.Success(
                    new AuthenticationTicket(context.User, properties, "test")
                ),
            }
        );
        return context.User;
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddMinutes(-5), now.AddHours(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    private sealed class Result : IAuthenticateResultFeature
    {
        public AuthenticateResult? AuthenticateResult { get; set; }
    }
}
