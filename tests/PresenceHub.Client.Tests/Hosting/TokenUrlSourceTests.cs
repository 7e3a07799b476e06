using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace PresenceHub.Client.Tests.Hosting;

public sealed class TokenUrlSourceTests : IDisposable
{
    private static readonly Uri Url = new("https://app.test/presence-token?key=secret");

    private readonly FakeTimeProvider _time = new();
    private readonly AnsweringHandler _handler = new();
    private IHost? _host;

    [Fact]
    public async Task GetAsync_TokenIsFresh_IsAskedOnceUntilAQuarterOfItsLifeIsLeft()
    {
        _handler.Answer = """{ "accessToken": "one", "expiresIn": 400 }""";
        var get = NewSource();
        Assert.Equal("one", await get(Request()));
        _time.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal("one", await get(Request()));
        Assert.Equal(["POST https://app.test/presence-token?key=secret"], _handler.Asked);

        _handler.Answer = """{ "accessToken": "two", "expiresIn": 400 }""";
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("two", await get(Request()));
    }

    [Fact]
    public async Task GetAsync_HubHasRefusedTheToken_AsksForAnother()
    {
        _handler.Answer = """{ "accessToken": "one", "expiresIn": 400 }""";
        var get = NewSource();
        await get(Request());
        _handler.Answer = """{ "accessToken": "two" }""";
        Assert.Equal("two", await get(Request(refresh: true)));
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "{}", "answered 401")]
    [InlineData(HttpStatusCode.OK, "{}", "answered without \"accessToken\"")]
    [InlineData(HttpStatusCode.OK, "null", "answered without \"accessToken\"")]
    [InlineData(HttpStatusCode.OK, "<html>", "answered with something else")]
    public async Task GetAsync_AnswerIsNoToken_NamesTheAddressWithoutItsQuery(
        HttpStatusCode status,
        string answer,
        string message
    )
    {
        (_handler.Status, _handler.Answer) = (status, answer);
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => NewSource()(Request()));
        Assert.Contains(
            $"The token address https://app.test/presence-token {message}",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void AccessTokenFactory_AndTokenUrl_TheFactoryIsUsed()
    {
        Func<TokenRequest, Task<string?>> own = _ => Task.FromResult<string?>("own");
        Assert.Same(own, NewSource(own));
    }

    public void Dispose()
    {
        _host?.Dispose();
        _handler.Dispose();
    }

    private static TokenRequest Request(bool refresh = false) => new(refresh, CancellationToken.None);

    private Func<TokenRequest, Task<string?>> NewSource(Func<TokenRequest, Task<string?>>? own = null)
    {
        _host = AddPresenceClientTests.NewHost(
            new() { ["Url"] = "https://hub.test/", ["TokenUrl"] = Url.ToString() },
            services =>
            {
                services.AddSingleton<TimeProvider>(_time);
                services.AddPresenceClient(options => options.AccessTokenFactory = own);
                services
                    .AddHttpClient(PresenceClientExtensions.HttpClientName)
                    .ConfigurePrimaryHttpMessageHandler(() => _handler);
            }
        );
        return _host.Services.GetRequiredService<IOptions<PresenceClientOptions>>().Value.AccessTokenFactory!;
    }

    private sealed class AnsweringHandler : HttpMessageHandler
    {
        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        public string Answer { get; set; } = "";

        public List<string> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            Asked.Add($"{request.Method} {request.RequestUri}");
            return Task.FromResult(
                new HttpResponseMessage(Status)
                {
                    Content = new StringContent(Answer, Encoding.UTF8, "application/json"),
                }
            );
        }
    }
}
