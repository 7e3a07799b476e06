using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;

namespace PresenceHub.GraphEmulator.Tests.Control;

[Trait("Category", "Functional")]
public sealed class ControlTests
{
    [Fact]
    public async Task People_Pinned_ShowAtOnceWithALaterVersion()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var before = (await emulator.ReportsAsync())[0];
        var activity = before.Activity == "Focusing" ? "Presenting" : "Focusing";

        await emulator.PinAsync(before.Id.ToString(), "DoNotDisturb", activity);

        var after = (await emulator.ReportsAsync())[0];
        Assert.Equal(
            (before.Id, before.DisplayName, "DoNotDisturb", activity),
            (after.Id, after.DisplayName, after.Availability, after.Activity)
        );
        Assert.True(string.CompareOrdinal(before.SequenceNumber, after.SequenceNumber) < 0);
    }

    [Fact]
    public async Task Pin_BadValueOrUnknownPerson_IsRefused()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var person = (await emulator.PeopleAsync())[0];

        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync(person, new { availability = "Busy" }));
        Assert.Equal(
            HttpStatusCode.BadRequest,
            await PutAsync(person, new { availability = "Busy", activity = "<b>" })
        );
        Assert.Equal(
            HttpStatusCode.NotFound,
            await PutAsync(Guid.NewGuid().ToString(), new { availability = "Busy", activity = "Busy" })
        );

        async Task<HttpStatusCode> PutAsync(string id, object body) =>
            (await emulator.Http.PutAsJsonAsync($"emulator/people/{id}/presence", body)).StatusCode;
    }

    [Fact]
    public async Task PinMany_SeveralPeople_ShowInTheOrderOfTheList()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var people = await emulator.PeopleAsync();

        var answer = await emulator.Http.PutAsJsonAsync(
            "emulator/presences",
            new[]
            {
                new
                {
                    id = people[0],
                    availability = "Busy",
                    activity = "First",
                },
                new
                {
                    id = people[1],
                    availability = "Away",
                    activity = "Other",
                },
                new
                {
                    id = people[0],
                    availability = "Available",
                    activity = "Second",
                },
            }
        );

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(["Second", "Other"], (await emulator.ReportsAsync()).Take(2).Select(person => person.Activity));
    }

    [Fact]
    public async Task PinMany_OneBadItem_ChangesNothing()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var before = await emulator.ReportsAsync();
        var good = new
        {
            id = before[0].Id,
            availability = "Busy",
            activity = "NotShown",
        };

        var badWord = await emulator.Http.PutAsJsonAsync(
            "emulator/presences",
            new[] { good, good with { activity = "<b>" } }
        );
        var unknown = await emulator.Http.PutAsJsonAsync(
            "emulator/presences",
            new[] { good, good with { id = Guid.NewGuid() } }
        );

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.NotFound), (badWord.StatusCode, unknown.StatusCode));
        var reports = await emulator.ReportsAsync();
        Assert.NotEmpty(reports);
        Assert.DoesNotContain("NotShown", reports.Select(person => person.Activity));
    }

    [Fact]
    public async Task People_FromAndCount_AreAPage()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var all = await emulator.PeopleAsync();

        var page = await emulator.Http.GetFromJsonAsync<List<GraphEmulator.Control.PersonReport>>(
            "emulator/people?from=5&count=3"
        );

        Assert.Equal(all.Skip(5).Take(3), page!.Select(person => person.Id.ToString()));
    }

    [Fact]
    public async Task OpenApi_Document_DescribesTheControlApiOnly()
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var paths = (await EmulatorFixture.ReadAsync(await emulator.Http.GetAsync("emulator/openapi.json")))[
            "paths"
        ]!.AsObject();

        Assert.Contains("/emulator/faults", paths.Select(path => path.Key));
        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.StartsWith("/emulator/", path.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RootPem_Served_IsTheOneToTrust()
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var pem = await emulator.Http.GetStringAsync("emulator/root.pem");

        Assert.Equal(emulator.Server.RootCertificatePem, pem);
        using var root = X509Certificate2.CreateFromPem(pem);
        Assert.False(root.HasPrivateKey);
    }
}
