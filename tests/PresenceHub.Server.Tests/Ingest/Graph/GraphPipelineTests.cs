using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Graph.Models.ODataErrors;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Polling;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Tests.Ingest.Graph;

/// <summary>The client as it is wired, down to the last handler before the wire.</summary>
public sealed class GraphPipelineTests
{
    private static readonly Uri Read = new("https://localhost:5001/v1.0/communications/getPresencesByUserId");
    private static readonly Uri Create = new("https://localhost:5001/v1.0/subscriptions");

    private readonly FakeTimeProvider _time = new();
    private ServiceProvider? _services;

    [Fact]
    public async Task Send_AfterRetryAfter_LetsNothingOutBeforeItsEnd()
    {
        var answers = new Queue<HttpResponseMessage>([Throttled("10"), FakeGraph.Json("{}")]);
        var graph = new FakeGraph((_, _) => answers.Dequeue());
        var client = CreateClient(graph);

        var thrown = await Assert.ThrowsAsync<GraphThrottledException>(() => client.PostAsync(Read, null));
        Assert.Equal(TimeSpan.FromSeconds(10), thrown.RetryAfter);
        _time.Advance(TimeSpan.FromSeconds(9.5));
        thrown = await Assert.ThrowsAsync<GraphThrottledException>(() => client.GetAsync(Create));
        Assert.Equal(TimeSpan.FromSeconds(0.5), thrown.RetryAfter);
        Assert.Single(graph.Requests);

        _time.Advance(TimeSpan.FromSeconds(0.5));
        using var response = await client.PostAsync(Read, null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Send_Throttled_HalvesTheRate()
    {
        await Assert.ThrowsAsync<GraphThrottledException>(() =>
            CreateClient(new FakeGraph((_, _) => Throttled("10"))).PostAsync(Read, null)
        );
        Assert.Equal(0.5, _services!.GetRequiredService<GraphBudget>().Rate);
    }

    [Fact]
    public async Task Send_Unavailable503WithRetryAfter_ClosesTheGateToo()
    {
        var graph = new FakeGraph(
            (_, _) =>
            {
                var response = FakeGraph.Error(HttpStatusCode.ServiceUnavailable);
                response.Headers.TryAddWithoutValidation("Retry-After", "3");
                return response;
            }
        );
        await Assert.ThrowsAsync<GraphThrottledException>(() => CreateClient(graph).PostAsync(Read, null));
        Assert.Single(graph.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, 60)]
    [InlineData(HttpStatusCode.TooManyRequests, 600)]
    public async Task Send_LongRetryAfter_IsRespectedInFullForThrottlingOnly(HttpStatusCode status, int seconds)
    {
        var graph = new FakeGraph(
            (_, _) =>
            {
                var response = FakeGraph.Error(status);
                response.Headers.TryAddWithoutValidation("Retry-After", "600");
                return response;
            }
        );
        var thrown = await Assert.ThrowsAsync<GraphThrottledException>(() => CreateClient(graph).PostAsync(Read, null));
        Assert.Equal(TimeSpan.FromSeconds(seconds), thrown.RetryAfter);
        Assert.Equal(thrown.RetryAfter, _services!.GetRequiredService<ThrottleGate>().ClosedFor);
    }

    [Fact]
    public async Task Send_SuspectAnd503WithRetryAfter_ClosesNoGateAndIsNotRepeated()
    {
        var graph = new FakeGraph((_, _) => FakeGraph.Unavailable(TimeSpan.FromSeconds(3)));
        CreateClient(graph);
        foreach (var kind in new[] { ReadKind.SuspectPage, ReadKind.Part })
        {
            graph.Requests.Clear();
            var thrown = await Assert.ThrowsAsync<GraphUnavailableException>(() => ReadAsync(kind));
            Assert.Equal(TimeSpan.FromSeconds(3), thrown.RetryAfter);
            Assert.Single(graph.Requests);
            Assert.Equal(TimeSpan.Zero, _services!.GetRequiredService<ThrottleGate>().ClosedFor);
        }

        await Assert.ThrowsAsync<GraphThrottledException>(() => ReadAsync(ReadKind.Probe));
        Assert.Equal(TimeSpan.FromSeconds(3), _services!.GetRequiredService<ThrottleGate>().ClosedFor);
    }

    [Fact]
    public async Task Send_ReadThatFails_IsRepeatedTwice()
    {
        var graph = new FakeGraph((_, _) => FakeGraph.Error(HttpStatusCode.BadGateway));
        var sending = CreateClient(graph).PostAsync(Read, null);
        await AdvanceUntilDoneAsync(sending);
        Assert.Equal(HttpStatusCode.BadGateway, (await sending).StatusCode);
        Assert.Equal(3, graph.Requests.Count);
    }

    [Fact]
    public async Task Send_ReadForASingleAttempt_IsNotRepeated()
    {
        var graph = new FakeGraph((_, _) => FakeGraph.Error(HttpStatusCode.BadGateway));
        CreateClient(graph);
        await Assert.ThrowsAsync<ODataError>(() => ReadAsync(ReadKind.Probe));
        Assert.Single(graph.Requests);
    }

    [Fact]
    public async Task Send_CreateThatFails_IsNotRepeated()
    {
        var graph = new FakeGraph((_, _) => FakeGraph.Error(HttpStatusCode.InternalServerError));
        using var response = await CreateClient(graph).PostAsync(Create, null);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Single(graph.Requests);
    }

    [Fact]
    public async Task Send_ReadThatHangs_IsGivenUpAndRepeated()
    {
        using var hanging = new HangingHandler();
        var sending = CreateClient(hanging).PostAsync(Read, null);
        await AdvanceUntilDoneAsync(sending);
        await Assert.ThrowsAnyAsync<Exception>(() => sending);
        Assert.Equal(3, hanging.Requests);
    }

    private static HttpResponseMessage Throttled(string retryAfter)
    {
        var response = FakeGraph.Error(HttpStatusCode.TooManyRequests);
        response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        return response;
    }

    /// <summary>Reads a subject through the client that was created last.</summary>
    private Task<PresenceAnswer> ReadAsync(ReadKind kind)
    {
        var clients = new GraphClients(
            _services!.GetRequiredService<IHttpClientFactory>(),
            Options.Create(GraphSettings.Create())
        );
        var reader = new PresenceReader(
            clients,
            new StoreClock(new StoreKeys(new RedisNames(), Options.Create(new StoreOptions())), _time),
            TestMetrics.Create()
        );
        return reader.ReadAsync([new SubjectId(Guid.NewGuid())], _ => Knowledge.NotRead, kind, CancellationToken.None);
    }

    private async Task AdvanceUntilDoneAsync(Task sending)
    {
        while (!sending.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    private HttpClient CreateClient(HttpMessageHandler wire)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddLogging().AddMetrics();
        services.AddSingleton<TimeProvider>(_time);
        services.AddIngest();
        services.AddSingleton(Options.Create(GraphSettings.Create()));
        services.AddHttpClient(GraphClients.GraphHttpClient).ConfigurePrimaryHttpMessageHandler(() => wire);
        services.AddHttpClient(GraphClients.AuthorityHttpClient).ConfigurePrimaryHttpMessageHandler(() => wire);
        _services = services.BuildServiceProvider();
        return _services.GetRequiredService<IHttpClientFactory>().CreateClient(GraphClients.GraphHttpClient);
    }

    private sealed class HangingHandler : HttpMessageHandler
    {
        public int Requests { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            Requests++;
            return await new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(cancellationToken);
        }
    }
}
