using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.People;
using PresenceHub.Server.Tests.Ingest.Graph;
using PresenceHub.Testing;

namespace PresenceHub.Server.Tests.People;

public sealed class GraphPeopleTests : IDisposable
{
    private const string NoPeople = """{"value":[]}""";
    private static readonly Uri Presences = new("https://localhost:5001/v1.0/communications/getPresencesByUserId");

    private readonly FakeTimeProvider _time = new();
    private ServiceProvider? _services;

    public void Dispose() => _services?.Dispose();

    [Fact]
    public async Task FindAsync_Addresses_AreComparedWithBothPropertiesAndQuoted()
    {
        string? query = null;
        var people = Create(
            new FakeGraph(
                (request, _) =>
                {
                    query = Uri.UnescapeDataString(request.RequestUri!.Query);
                    return FakeGraph.Json(
                        """{"value":[{"id":"11111111-2222-3333-4444-55555555555A","displayName":"Ana"},{"id":"x"}]}"""
                    );
                }
            )
        );

        var found = await FindAsync(people, KeyKind.Email, "o'brien@x.example", "b@x.example");

        Assert.Contains(
            "$filter=mail in ('o''brien@x.example','b@x.example') "
                + "or userPrincipalName in ('o''brien@x.example','b@x.example')",
            query,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "$select=id,displayName,mail,userPrincipalName,jobTitle,department",
            query,
            StringComparison.Ordinal
        );
        var person = Assert.Single(found);
        Assert.Equal(("11111111-2222-3333-4444-55555555555a", "Ana"), (person.Id, person.DisplayName));
    }

    [Fact]
    public async Task FindAsync_Refused_NamesThePermissionAndAsksAgainAfterAMinute()
    {
        var status = HttpStatusCode.Forbidden;
        var graph = new FakeGraph(
            (_, _) => status is HttpStatusCode.OK ? FakeGraph.Json(NoPeople) : FakeGraph.Error(status)
        );
        var people = Create(graph);

        for (var i = 0; i < 2; i++)
        {
            var thrown = await Assert.ThrowsAsync<PeopleNotSupportedException>(() => FindAsync(people));
            Assert.Contains("User.ReadBasic.All", thrown.Message, StringComparison.Ordinal);
        }

        Assert.Single(graph.Requests);
        status = HttpStatusCode.OK;
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await FindAsync(people));
        Assert.Equal(2, graph.Tokens);
    }

    [Fact]
    public async Task FindAsync_Throttled_HoldsBackPeopleAndNotPresence()
    {
        var graph = new FakeGraph(
            (request, _) =>
            {
                if (request.RequestUri == Presences)
                {
                    return FakeGraph.Json(NoPeople);
                }

                var response = FakeGraph.Error(HttpStatusCode.TooManyRequests);
                response.Headers.TryAddWithoutValidation("Retry-After", "7");
                return response;
            }
        );
        var people = Create(graph);

        for (var i = 0; i < 2; i++)
        {
            var thrown = await Assert.ThrowsAsync<PeopleUnavailableException>(() => FindAsync(people));
            Assert.Equal(TimeSpan.FromSeconds(7), thrown.RetryAfter);
        }

        Assert.Single(graph.Requests);
        var client = _services!.GetRequiredService<IHttpClientFactory>().CreateClient(GraphClients.GraphHttpClient);
        using var presences = await client.PostAsync(Presences, null);
        Assert.Equal(HttpStatusCode.OK, presences.StatusCode);
        Assert.Equal(1, _services!.GetRequiredService<GraphBudget>().Rate);
    }

    [Fact]
    public async Task FindAsync_PresenceIsThrottled_HoldsBackPeopleToo()
    {
        var people = Create(new FakeGraph((_, _) => FakeGraph.Json(NoPeople)));
        _services!.GetRequiredService<ThrottleGate>().Close(TimeSpan.FromSeconds(9));

        var thrown = await Assert.ThrowsAsync<PeopleUnavailableException>(() => FindAsync(people));

        Assert.Equal(TimeSpan.FromSeconds(9), thrown.RetryAfter);
    }

    [Fact]
    public async Task FindAsync_GraphFails_IsUnavailableAfterOneRequest()
    {
        var graph = new FakeGraph((_, _) => FakeGraph.Error(HttpStatusCode.BadGateway));

        var thrown = await Assert.ThrowsAsync<PeopleUnavailableException>(() => FindAsync(Create(graph)));

        Assert.NotNull(thrown.RetryAfter);
        Assert.Single(graph.Requests);
    }

    [Fact]
    public async Task FindAsync_TokenRefused_SignsInForTheNextRequest()
    {
        var status = HttpStatusCode.Unauthorized;
        var graph = new FakeGraph(
            (_, _) => status is HttpStatusCode.OK ? FakeGraph.Json(NoPeople) : FakeGraph.Error(status)
        );
        var people = Create(graph);
        await Assert.ThrowsAsync<PeopleUnavailableException>(() => FindAsync(people));
        status = HttpStatusCode.OK;

        Assert.Empty(await FindAsync(people));

        Assert.Equal(2, graph.Tokens);
    }

    [Fact]
    public async Task FindAsync_InProgress_HoldsBackNoReadOfPresence()
    {
        var graph = new FakeGraph((_, _) => FakeGraph.Json(NoPeople));
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        graph.BeforeAnswer = () => graph.Requests.Count == 1 ? open.Task : Task.CompletedTask;
        var finding = FindAsync(Create(graph));
        await Eventually.GetAsync(() => Task.FromResult(graph.Requests.Count), count => count == 1);
        var client = _services!.GetRequiredService<IHttpClientFactory>().CreateClient(GraphClients.GraphHttpClient);

        // The clock stands still, so that nothing may overtake by waiting.
        using var presences = await client.PostAsync(Presences, null).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(HttpStatusCode.OK, presences.StatusCode);
        Assert.False(finding.IsCompleted);
        open.SetResult();
        await finding;
    }

    [Fact]
    public async Task ListAsync_SecondPageOfADepartment_IsAskedAtTheHubsOwnAddressWithTheTokenOfTheLink()
    {
        var asked = new List<HttpRequestMessage>();
        var people = Create(
            new FakeGraph(
                (request, _) =>
                {
                    asked.Add(request);
                    return FakeGraph.Json(
                        asked.Count == 1
                            ? """
                            {"@odata.nextLink":"https://other.example/beta?$top=9&%24skiptoken=m~A%2BB&$filter=x",
                            "value":[{"id":"11111111-2222-3333-4444-55555555555a","displayName":"Ana"}]}
                            """
                            : NoPeople
                    );
                }
            )
        );

        var first = await people.ListAsync(new PeopleList("R'n'D & more", 7, null), CancellationToken.None);
        Assert.Equal("Ana", Assert.Single(first!.People).DisplayName);
        var second = await people.ListAsync(new PeopleList("R'n'D & more", 7, first.Next), CancellationToken.None);
        Assert.Null(second!.Next);

        Assert.All(asked, request =>
        {
            Assert.Equal(
                asked[0].RequestUri!.GetLeftPart(UriPartial.Path),
                request.RequestUri!.GetLeftPart(UriPartial.Path)
            );
            Assert.Equal(["eventual"], request.Headers.GetValues("ConsistencyLevel"));
            var query = Uri.UnescapeDataString(request.RequestUri.Query);
            foreach (
                var part in (string[])
                    ["$filter=department eq 'R''n''D & more'", "$orderby=displayName", "$count=true", "$top=7"]
            )
            {
                Assert.Contains(part, query, StringComparison.Ordinal);
            }
        });
        Assert.DoesNotContain("skiptoken", asked[0].RequestUri!.Query, StringComparison.Ordinal);
        Assert.EndsWith("&$skiptoken=m~A%2BB", asked[1].RequestUri!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_DepartmentRefused_NamesItsPermissionAndHoldsBackDepartmentsOnly()
    {
        var graph = new FakeGraph(
            (request, _) =>
                request.RequestUri!.Query.Contains("department%20eq", StringComparison.Ordinal)
                    ? FakeGraph.Error(HttpStatusCode.Forbidden)
                    : FakeGraph.Json(NoPeople)
        );
        var people = Create(graph);

        for (var i = 0; i < 2; i++)
        {
            var thrown = await Assert.ThrowsAsync<PeopleNotSupportedException>(() => ListAsync(people, "Sales", null));
            Assert.Contains("User.Read.All", thrown.Message, StringComparison.Ordinal);
        }

        Assert.Single(graph.Requests);
        Assert.Empty((await ListAsync(people, null, null))!.People);
        Assert.Empty(await FindAsync(people));
    }

    [Fact]
    public async Task ListAsync_GraphDoesNotKnowThePage_IsNothing()
    {
        var people = Create(new FakeGraph((_, _) => FakeGraph.Error(HttpStatusCode.BadRequest)));
        Assert.True(PageToken.TryParse("b2xk", out var old));

        Assert.Null(await ListAsync(people, null, old));
        await Assert.ThrowsAsync<PeopleUnavailableException>(() => ListAsync(people, null, null));
    }

    [Fact]
    public async Task ListAsync_LinkThatTheHubCannotPassOn_IsUnavailable()
    {
        const string Link = """{"@odata.nextLink":"https://graph.example/v1.0/users?$skip=100","value":[]}""";
        var people = Create(new FakeGraph((_, _) => FakeGraph.Json(Link)));

        await Assert.ThrowsAsync<PeopleUnavailableException>(() => ListAsync(people, null, null));
    }

    private static Task<PeoplePage?> ListAsync(GraphPeople people, string? department, PageToken? after) =>
        people.ListAsync(new PeopleList(department, 10, after), CancellationToken.None);

    private static Task<IReadOnlyList<Person>> FindAsync(GraphPeople people) =>
        FindAsync(people, KeyKind.Id, $"{Guid.NewGuid()}");

    private static Task<IReadOnlyList<Person>> FindAsync(GraphPeople people, KeyKind kind, params string[] texts) =>
        people.FindAsync(kind, [.. texts.Select(text => new PersonKey(kind, text))], CancellationToken.None);

    private GraphPeople Create(HttpMessageHandler wire)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddLogging().AddMetrics();
        services.AddSingleton<TimeProvider>(_time);
        services.AddIngest().AddPeople();
        services.AddSingleton(Options.Create(GraphSettings.Create()));
        services.AddSingleton(Options.Create(new PeopleOptions()));
        services.AddHttpClient(GraphClients.GraphHttpClient).ConfigurePrimaryHttpMessageHandler(() => wire);
        services.AddHttpClient(GraphClients.AuthorityHttpClient).ConfigurePrimaryHttpMessageHandler(() => wire);
        _services = services.BuildServiceProvider();
        return _services.GetRequiredService<GraphPeople>();
    }
}
