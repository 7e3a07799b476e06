using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PresenceHub.Server.Hosting;
using PresenceHub.Server.Hubs;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Tests.Hosting;

public sealed class BoardTests
{
    private const string ClientId = "11111111-2222-3333-4444-555555555555";
    private const string Scope = "api://presence-hub/access";

    [Theory]
    [InlineData(null, "https://login.example/tenant/v2.0", "https://login.example/tenant")]
    [InlineData("https://other.example/tenant/", "https://login.example/tenant/v2.0", "https://other.example/tenant")]
    public async Task Configuration_WithAnApplication_NamesIdAuthorityAndScope(
        string? authority,
        string issuer,
        string expected
    )
    {
        await using var app = await StartAsync(
            ("Board:ClientId", ClientId),
            ("Board:Scope", Scope),
            ("Board:Authority", authority),
            ("Authentication:Authority", issuer),
            ("WatchLists:MaxSubjectsPerConnection", "500")
        );

        foreach (var path in (string[])["/config.json", "/presence/config.json"])
        {
            using var response = await GetAsync(app, path);

            Assert.Equal(
                JsonSerializer.Serialize(
                    new
                    {
                        signIn = new
                        {
                            clientId = ClientId,
                            authority = expected,
                            scope = Scope,
                        },
                        subjectsPerConnection = 500,
                    }
                ),
                await response.Content.ReadAsStringAsync()
            );
            Assert.Equal("public, max-age=60", response.Headers.CacheControl!.ToString());
            Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        }
    }

    [Fact]
    public async Task Configuration_WithoutAnApplication_HasNoSignIn()
    {
        await using var app = await StartAsync(("Authentication:Authority", "https://login.example/tenant/v2.0"));

        using var response = await GetAsync(app, "/config.json");

        Assert.Equal("""{"signIn":null,"subjectsPerConnection":1000}""", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData("", "", "", null)]
    [InlineData(ClientId, Scope, null, null)]
    [InlineData(ClientId, Scope, "https://login.example/tenant", null)]
    [InlineData("board", Scope, null, "Board:ClientId must be an application id")]
    [InlineData(ClientId, null, null, "Board:Scope is missing")]
    [InlineData(ClientId, "openid profile", null, "Board:Scope must be one scope")]
    [InlineData(null, Scope, null, "Board:ClientId is missing")]
    [InlineData(null, null, "https://login.example/tenant", "Board:ClientId is missing")]
    [InlineData(ClientId, Scope, "http://login.example/tenant", "Board:Authority must be an https URL")]
    [InlineData(ClientId, Scope, "login.example", "Board:Authority must be an https URL")]
    [InlineData(ClientId, Scope, "https://login.example/tenant?p=1", "Board:Authority must be an https URL")]
    [InlineData(ClientId, Scope, "https://a@login.example/tenant", "Board:Authority must be an https URL")]
    public void Settings_AreCheckedByName(string? clientId, string? scope, string? authority, string? failure)
    {
        var options = new BoardOptions
        {
            ClientId = clientId,
            Scope = scope,
            Authority = authority,
        };

        var result = new BoardOptionsValidator(new ProductionEnvironment()).Validate(null, options);

        if (failure is null)
        {
            Assert.True(result.Succeeded, result.FailureMessage);
        }
        else
        {
            Assert.StartsWith(failure, Assert.Single(result.Failures!), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Policy_WithASignIn_AllowsItsAuthorityAndNoOther()
    {
        Assert.Equal(
            "default-src 'self'; connect-src 'self' https://login.example; frame-src 'self' https://login.example; "
                + "frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
            BoardPage.Policy("https://login.example", isFramed: false)
        );
        Assert.Equal(
            "default-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'",
            BoardPage.Policy(null, isFramed: true)
        );
    }

    private static async Task<WebApplication> StartAsync(params (string Name, string? Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(
            settings
                .Append(("Http:PathBase", "/presence"))
                .Select(setting => KeyValuePair.Create(setting.Item1, setting.Item2))
        );
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting().AddAuthorization().AddProxies().AddBoard();
        builder.Services.AddOptions<WatchListOptions>().BindConfiguration(WatchListOptions.SectionName);
        builder.Services.AddOptions<AuthenticationOptions>().BindConfiguration(AuthenticationOptions.SectionName);
        var app = builder.Build();
        app.UseProxies();
        app.MapBoardConfiguration();
        await app.StartAsync();
        return app;
    }

    private static async Task<HttpResponseMessage> GetAsync(WebApplication app, string path)
    {
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(app.Urls.Single()) };
        return await http.GetAsync(new Uri(path, UriKind.Relative));
    }

    private sealed class ProductionEnvironment : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Production;
        public string ApplicationName { get; set; } = "";
        public string ContentRootPath { get; set; } = "";
        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
