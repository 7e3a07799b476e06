using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Azure.Core.Pipeline;
using Azure.Identity;
using Microsoft.Graph;
using Microsoft.Graph.Authentication;
using Microsoft.Kiota.Abstractions.Authentication;
using PresenceHub.GraphEmulator.Control;

namespace PresenceHub.GraphEmulator.Tests;

/// <summary>A running emulator whose company stands still unless told otherwise, and clients that trust it.</summary>
internal sealed class EmulatorFixture : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private const string GraphScope = "https://graph.microsoft.com/.default";

    private EmulatorFixture(GraphEmulatorServer server, GraphEmulatorOptions options)
    {
        Server = server;
        Options = options;
        Http = CreateClient();
    }

    public GraphEmulatorServer Server { get; }

    public GraphEmulatorOptions Options { get; }

    public HttpClient Http { get; }

    public string Authority => $"{Server.BaseAddress}{Options.TenantId}";

    public static GraphEmulatorOptions Still() =>
        new()
        {
            People = 20,
            ChangePeriod = TimeSpan.Zero,
            NotificationLatency = TimeSpan.FromMilliseconds(5),
            Switches = { AllowHttpOnLoopback = true },
        };

    public static async Task<EmulatorFixture> StartAsync(
        GraphEmulatorOptions? options = null,
        TimeProvider? time = null
    )
    {
        options ??= Still();
        return new EmulatorFixture(
            await GraphEmulatorServer.StartAsync(options, time ?? TimeProvider.System, null, CancellationToken.None),
            options
        );
    }

    public HttpClient CreateClient()
    {
        var root = X509Certificate2.CreateFromPem(Server.RootCertificatePem);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(root);
        return new HttpClient(handler) { BaseAddress = Server.BaseAddress };
    }

    public async Task<IReadOnlyList<string>> PeopleAsync() =>
        [.. (await ReportsAsync()).Select(person => person.Id.ToString())];

    public async Task<IReadOnlyList<PersonReport>> ReportsAsync() =>
        (await Http.GetFromJsonAsync<List<PersonReport>>("emulator/people"))!;

    public async Task PinAsync(string person, string availability, string activity)
    {
        var response = await Http.PutAsJsonAsync($"emulator/people/{person}/presence", new { availability, activity });
        response.EnsureSuccessStatusCode();
    }

    public async Task SetFaultsAsync(object faults) =>
        (await Http.PutAsJsonAsync("emulator/faults", faults)).EnsureSuccessStatusCode();

    public async Task<CounterReport> CountersAsync() =>
        (await Http.GetFromJsonAsync<CounterReport>("emulator/counters"))!;

    public Task<HttpResponseMessage> TokenAsync(params (string Name, string Value)[] form) =>
        Http.PostAsync(
            $"{Authority}/oauth2/v2.0/token",
            new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)))
        );

    public async Task<string> ApplicationTokenAsync()
    {
        var response = await TokenAsync(
            ("grant_type", "client_credentials"),
            ("client_id", Options.ClientId),
            ("client_secret", Options.ClientSecret),
            ("scope", GraphScope)
        );
        return (string)(await ReadAsync(response))["access_token"]!;
    }

    public async Task<string> UserTokenAsync(string? user = null, string scope = GraphScope) =>
        (string)(await SignInAsync(user ?? Server.ServiceAccountId, scope))["access_token"]!;

    public async Task<JsonObject> SignInAsync(string user, string scope, string? clientId = null)
    {
        const string redirectUri = "http://localhost/signed-in";
        clientId ??= Options.ClientId;
        var response = await Http.GetAsync(
            $"{Authority}/oauth2/v2.0/authorize?client_id={clientId}&response_type=code&redirect_uri={Uri.EscapeDataString(redirectUri)}"
                + $"&scope={Uri.EscapeDataString(scope)}&login_hint={user}&state=s1"
        );
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(response.Headers.Location!.Query);
        Assert.Equal("s1", query["state"]);
        return await ReadAsync(
            await TokenAsync(
                ("grant_type", "authorization_code"),
                ("client_id", clientId),
                ("client_secret", Options.ClientSecret),
                ("code", query["code"].ToString()),
                ("redirect_uri", redirectUri),
                ("scope", scope)
            )
        );
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        request.Content = body is null ? null : JsonContent.Create(body);
        return await Http.SendAsync(request);
    }

    /// <summary>A request for a basic subscription, to be changed by the test.</summary>
    public static JsonObject Wanted(string url, IEnumerable<string> people, DateTimeOffset expiresAt) =>
        new()
        {
            ["changeType"] = "updated",
            ["notificationUrl"] = url,
            ["resource"] =
                $"/communications/presences?$filter=id in ({string.Join(',', people.Select(id => $"'{id}'"))})",
            ["expirationDateTime"] = expiresAt.ToString("O"),
            ["clientState"] = "state",
        };

    public async Task<string> SubscribeAsync(string token, JsonObject wanted)
    {
        var response = await SendAsync(HttpMethod.Post, "v1.0/subscriptions", token, wanted);
        var body = await ReadAsync(response);
        Assert.True(response.StatusCode == System.Net.HttpStatusCode.Created, body.ToString());
        return (string)body["id"]!;
    }

    /// <summary>The real SDK, signed in as the application.</summary>
    public GraphServiceClient Sdk()
    {
        var credential = new ClientSecretCredential(
            Options.TenantId,
            Options.ClientId,
            Options.ClientSecret,
            new ClientSecretCredentialOptions
            {
                AuthorityHost = Server.BaseAddress,
                DisableInstanceDiscovery = true,
                Transport = new HttpClientTransport(CreateClient()),
            }
        );
        return new GraphServiceClient(
            CreateClient(),
            new AzureIdentityAuthenticationProvider(credential, ["localhost"], null, true, GraphScope),
            $"{Server.BaseAddress}v1.0"
        );
    }

    /// <summary>The real SDK with a token of a signed-in user.</summary>
    public GraphServiceClient Sdk(string token)
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return new GraphServiceClient(client, new AnonymousAuthenticationProvider(), $"{Server.BaseAddress}v1.0");
    }

    public static async Task<JsonObject> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return JsonNode.Parse(text)?.AsObject() ?? throw new InvalidOperationException($"Not an object: {text}");
    }

    public static async Task<string?> ErrorCodeAsync(HttpResponseMessage response) =>
        (string?)(await ReadAsync(response))["error"]?["code"];

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }
}
