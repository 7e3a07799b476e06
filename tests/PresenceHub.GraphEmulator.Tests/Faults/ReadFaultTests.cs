using System.Net;
using System.Text.Json.Nodes;

namespace PresenceHub.GraphEmulator.Tests.Faults;

[Trait("Category", "Functional")]
public sealed class ReadFaultTests
{
    [Theory]
    [InlineData("noId")]
    [InlineData("wrongTypes")]
    [InlineData("noObject")]
    public async Task Reads_ShapeOfOnePerson_SpoilsThatItemOnly(string fault)
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var people = await emulator.PeopleAsync();
        await emulator.SetFaultsAsync(
            new { reads = new Dictionary<string, object> { [fault] = 1, ["ids"] = new[] { people[3] } } }
        );

        var items = (await EmulatorFixture.ReadAsync(await ReadAsync(emulator, people)))["value"]!.AsArray();

        Assert.Equal(people.Count, items.Count);
        Assert.Equal(people.Where((_, i) => i != 3).Order(), items.Select(IdOf).OfType<string>().Order());
    }

    [Fact]
    public async Task Request_FaultOfIds_HitsOnlyPagesThatNameThem()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var people = await emulator.PeopleAsync();
        await emulator.SetFaultsAsync(
            new
            {
                requests = new[]
                {
                    new
                    {
                        operation = "getPresencesByUserId",
                        status = 400,
                        ids = new[] { people[3] },
                    },
                },
            }
        );

        Assert.Equal(HttpStatusCode.BadRequest, (await ReadAsync(emulator, people)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await ReadAsync(emulator, [people[3]])).StatusCode);
        var others = await ReadAsync(emulator, [.. people.Where((_, i) => i != 3)]);
        Assert.Equal(people.Count - 1, (await EmulatorFixture.ReadAsync(others))["value"]!.AsArray().Count);
    }

    private static string? IdOf(JsonNode? item) =>
        item is JsonObject presence && presence["id"] is JsonValue id && id.TryGetValue<string>(out var text)
            ? text
            : null;

    private static async Task<HttpResponseMessage> ReadAsync(EmulatorFixture emulator, IReadOnlyList<string> ids) =>
        await emulator.SendAsync(
            HttpMethod.Post,
            "v1.0/communications/getPresencesByUserId",
            await emulator.ApplicationTokenAsync(),
            new JsonObject { ["ids"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]) }
        );
}
