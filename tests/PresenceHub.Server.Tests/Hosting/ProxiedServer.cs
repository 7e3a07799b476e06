using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PresenceHub.Server.Hosting;

namespace PresenceHub.Server.Tests.Hosting;

/// <summary>A server that answers with the request as it is seen behind
/// <see cref="ProxyExtensions.UseProxies"/>.</summary>
internal sealed class ProxiedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private ProxiedServer(WebApplication app)
    {
        _app = app;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(app.Urls.Single()),
        };
    }

    public static async Task<ProxiedServer> StartAsync(params (string Setting, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Setting, (string?)setting.Value))
        );
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting().AddProxies();
        var app = builder.Build();
        app.UseProxies();
        app.Map("/{**path}", (HttpContext context) =>
            string.Join(
                ' ',
                context.Connection.RemoteIpAddress,
                context.Request.Scheme,
                context.Request.Host,
                context.Request.PathBase,
                context.Request.Path
            )
        );
        await app.StartAsync();
        return new ProxiedServer(app);
    }

    /// <summary>Address of the client, scheme, host, path base and path; or where the answer leads to.</summary>
    public async Task<string> SeenAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = "node" } };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await _http.SendAsync(request);
        return response.Headers.Location is { } location
            ? $"-> {location}"
            : await response.Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }
}
