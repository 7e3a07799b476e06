using System.Net;
using System.Text.Json.Nodes;

namespace PresenceHub.GraphEmulator.Tests.Batch;

[Trait("Category", "Functional")]
public sealed class BatchTests
{
    [Fact]
    public async Task Batch_SeveralParts_AreAnsweredOneByOne()
    {
        var options = EmulatorFixture.Still();
        options.Limits.PresenceRequests = 2;
        await using var emulator = await EmulatorFixture.StartAsync(options);
        var people = await emulator.PeopleAsync();

        var response = await SendAsync(
            emulator,
            new
            {
                id = "1",
                method = "GET",
                url = $"/users/{people[0]}/presence",
            },
            new
            {
                id = "2",
                method = "POST",
                url = "/communications/getPresencesByUserId",
                body = new { ids = people },
                headers = new { },
            },
            new
            {
                id = "3",
                method = "GET",
                url = $"/users/{people[1]}/presence",
            },
            new
            {
                id = "4",
                method = "GET",
                url = $"/users/{people[1]}?$select=id",
                dependsOn = new[] { "3" },
            },
            new
            {
                id = "5",
                method = "GET",
                url = $"/users/{people[1]}?$select=id",
            }
        );

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var parts = (await EmulatorFixture.ReadAsync(response))["responses"]!.AsArray();
        Assert.Equal([200, 200, 429, 424, 200], parts.Select(part => (int)part!["status"]!));
        Assert.Equal(people[0], (string?)parts[0]!["body"]!["id"]);
        Assert.Equal(people.Count, parts[1]!["body"]!["value"]!.AsArray().Count);
        Assert.NotNull(parts[2]!["headers"]!["Retry-After"]);
        Assert.Equal(["id"], parts[4]!["body"]!.AsObject().Select(property => property.Key));
    }

    [Fact]
    public async Task Batch_TooManyPartsOrNone_Is400()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var parts = Enumerable
            .Range(0, 21)
            .Select(id =>
                (object)
                    new
                    {
                        id = $"{id}",
                        method = "GET",
                        url = "/users",
                    }
            )
            .ToArray();

        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(emulator, parts)).StatusCode);
        var empty = await emulator.SendAsync(
            HttpMethod.Post,
            "v1.0/$batch",
            await emulator.ApplicationTokenAsync(),
            new JsonObject()
        );
        Assert.Equal(HttpStatusCode.BadRequest, empty.StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(EmulatorFixture emulator, params object[] requests) =>
        await emulator.SendAsync(
            HttpMethod.Post,
            "v1.0/$batch",
            await emulator.ApplicationTokenAsync(),
            new { requests }
        );
}
