using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using PresenceHub.GraphEmulator;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>
/// Publishing removes from Microsoft.Graph what the server does not use. Each request that the server makes, and the
/// errors that it reads, work in the published output.
/// </summary>
[Trait("Category", "Long")]
[Collection(nameof(PublishedServer))]
public sealed class TrimmedGraphTests(PublishedServer published)
{
    private const int People = 1_500;

    private readonly string _address = string.Create(
        CultureInfo.InvariantCulture,
        $"http://127.0.0.1:{FreePorts.Take()}"
    );

    /// <summary>With the most users to a page that Graph allows. Without the query it takes 15.</summary>
    private const int PagesOfPeople = 2;

    /// <summary>What the log names when a type or a member is missing.</summary>
    private static readonly string[] Missing = ["MissingMethod", "MissingField", "TypeLoad", "NotSupported"];

    [Fact]
    public async Task Publish_TrimmedGraph_MakesEveryRequest()
    {
        await using var tenant = await StartTenantAsync();
        await using var server = await StartServerAsync(tenant);
        var emulator = tenant.Emulator;

        var people = await server.PeopleAsync();
        Assert.Equal(People, people.Length);
        Assert.Equal(PagesOfPeople, await emulator.RequestsAsync("listUsers"));

        await using var client = await WatchingClient.ConnectAsync(server);
        await client.Client.WatchAsync([people[0]]);
        await client.LiveAsync(people[0]);
        await emulator.WaitUntilCoveredAsync(people[0]);
        await UntilRequestedAsync(emulator, "listSubscriptions", 1);

        await client.Client.WatchAsync([people[1]]);
        await emulator.WaitUntilCoveredAsync(people[..2]);
        Assert.InRange(await emulator.RequestsAsync("deleteSubscription"), 1, long.MaxValue);
        Assert.InRange(await emulator.RequestsAsync("createSubscription"), 2, long.MaxValue);

        await emulator.SetPresenceAsync(people[1], "DoNotDisturb", "Presenting");
        await client.ShowsAsync(people[1], "DoNotDisturb");
        await AssertPeopleAreReadAsync(server, people[0]);
        AssertNothingIsMissing(server);
        Assert.Equal(0, await server.StopAsync());

        // A server that takes over a subscription renews it.
        await using var next = await StartServerAsync(tenant);
        await using var nextClient = await WatchingClient.ConnectAsync(next);
        await nextClient.Client.WatchAsync(people[..2]);
        await next.OutputLineAsync("Adopted subscription");
        Assert.InRange(await emulator.RequestsAsync("updateSubscription"), 1, long.MaxValue);
        AssertNothingIsMissing(next);
    }

    [Fact]
    public async Task Publish_TrimmedGraph_ReadsErrors()
    {
        await using var tenant = await StartTenantAsync();
        await using var server = await StartServerAsync(tenant);
        var emulator = tenant.Emulator;
        var people = await emulator.PeopleAsync();
        await using var client = await WatchingClient.ConnectAsync(server);

        await emulator.FailAsync(
            new
            {
                operation = "createSubscription",
                status = 403,
                times = 1,
            }
        );
        await client.Client.WatchAsync([people[0]]);
        await server.OutputLineAsync(
            "Cannot maintain the presence subscription (Graph answered 403 EmulatedFault); its subjects are polled"
        );
        await emulator.WaitUntilCoveredAsync(people[0]);

        // To cover another subject, the server deletes a subscription that is gone: 404.
        await emulator.EndSubscriptionsAsync();
        await client.Client.WatchAsync([people[1]]);
        await emulator.WaitUntilCoveredAsync(people[..2]);

        await FailReadAsync(emulator, 401);
        await server.OutputLineAsync("Presence cannot be read or stored (Graph answered 401 EmulatedFault); retrying");
        foreach (var status in (int[])[429, 404])
        {
            var reads = await emulator.ReadsAsync();
            await FailReadAsync(emulator, status);
            await UntilRequestedAsync(emulator, "getPresencesByUserId", reads + 3);
        }

        await emulator.SetPresenceAsync(people[0], "DoNotDisturb", "Presenting");
        await client.ShowsAsync(people[0], "DoNotDisturb");
        AssertNothingIsMissing(server);
    }

    /// <summary>The trimmer follows the server's calls only.</summary>
    [Fact]
    public void Publish_TrimmedGraph_IsUsedByTheServerOnly()
    {
        var users = published
            .Files.Where(file => file.Extension is ".dll" && References(file, "Microsoft.Graph"))
            .Select(file => file.Name);

        Assert.Equal(["PresenceHub.Server.dll"], users);
    }

    /// <summary>By id, by address and by name, and with a photo.</summary>
    private static async Task AssertPeopleAreReadAsync(HubServer server, string id)
    {
        var (token, _) = await server.SignInAsync();
        var person = (await ReadAsync($"?ids={id}"))[0];
        Assert.Equal(id, person.GetProperty("id").GetString());
        var mail = person.GetProperty("mail").GetString()!;
        Assert.Single(await ReadAsync($"?emails={Uri.EscapeDataString(mail)}"));
        Assert.NotEmpty(await ReadAsync("?search=a"));

        // One of several people has none.
        using var photo = await GetAsync($"/{id}/photo");
        Assert.True(photo.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent, photo.StatusCode.ToString());

        async Task<HttpResponseMessage> GetAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/people{path}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return await server.Http.SendAsync(request);
        }

        async Task<JsonElement[]> ReadAsync(string query)
        {
            using var answer = await GetAsync(query);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var found = await answer.Content.ReadFromJsonAsync<JsonElement>();
            return [.. found.GetProperty("people").EnumerateArray()];
        }
    }

    private static bool References(FileInfo assembly, string name)
    {
        using var file = new PEReader(assembly.OpenRead());
        if (!file.HasMetadata)
        {
            return false;
        }

        var metadata = file.GetMetadataReader();
        return metadata.AssemblyReferences.Any(reference =>
            metadata.StringComparer.Equals(metadata.GetAssemblyReference(reference).Name, name)
        );
    }

    private static Task<EmulatedTenant> StartTenantAsync() =>
        EmulatedTenant.StartAsync(
            new GraphEmulatorOptions
            {
                People = People,
                ChangePeriod = TimeSpan.Zero,
                Switches = { AllowHttpOnLoopback = true },
            }
        );

    private Task<HubServer> StartServerAsync(EmulatedTenant tenant) =>
        HubServer.StartAsync(
            new Dictionary<string, string>(tenant.Settings)
            {
                ["ASPNETCORE_URLS"] = _address,
                ["Graph__Mode"] = "Emulator",
                ["Graph__Accounts__0__UserId"] = tenant.Graph.ServiceAccountId,
                ["Polling__Period"] = "00:00:01",
                ["Notifications__MinRecreateInterval"] = "00:00:01",
            },
            assembly: published.Assembly
        );

    private static Task FailReadAsync(EmulatorControl emulator, int status) =>
        emulator.FailAsync(
            new
            {
                operation = "getPresencesByUserId",
                status,
                retryAfter = 1,
                times = 1,
            }
        );

    private static Task<long> UntilRequestedAsync(EmulatorControl emulator, string operation, long count) =>
        Eventually.GetAsync(() => emulator.RequestsAsync(operation), requests => requests >= count);

    private static void AssertNothingIsMissing(HubServer server) =>
        Assert.DoesNotContain(server.Output, line =>
            Missing.Any(name => line.Contains(name, StringComparison.Ordinal))
        );
}
