using System.Net;
using System.Text.Json.Nodes;

namespace PresenceHub.GraphEmulator.Tests.Presences;

[Trait("Category", "Functional")]
public sealed class PresenceEndpointTests
{
    private const string ByIds = "v1.0/communications/getPresencesByUserId";

    [Fact]
    public async Task Get_WithoutOrWithForeignToken_Is401()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var person = (await emulator.PeopleAsync())[0];
        var hubToken = await emulator.UserTokenAsync(scope: "api://presence-hub/access");

        foreach (var token in new[] { null, "rubbish", hubToken })
        {
            var response = await emulator.SendAsync(HttpMethod.Get, $"v1.0/users/{person}/presence", token);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("InvalidAuthenticationToken", await EmulatorFixture.ErrorCodeAsync(response));
        }
    }

    [Fact]
    public async Task Get_ExpiredOrRevokedToken_Is401()
    {
        var time = TestClock.Create();
        await using var emulator = await EmulatorFixture.StartAsync(time: time);
        var expiring = await emulator.ApplicationTokenAsync();
        time.Advance(TimeSpan.FromMinutes(91));
        var revoked = await emulator.UserTokenAsync();
        await emulator.Http.PostAsync($"emulator/accounts/{emulator.Server.ServiceAccountId}/revoke", null);

        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await emulator.SendAsync(HttpMethod.Get, "v1.0/users", expiring)).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await emulator.SendAsync(HttpMethod.Get, "v1.0/users", revoked)).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.OK,
            (await emulator.SendAsync(HttpMethod.Get, "v1.0/users", await emulator.UserTokenAsync())).StatusCode
        );
    }

    [Fact]
    public async Task Get_MissingPermission_Is403()
    {
        var options = EmulatorFixture.Still();
        options.ApplicationPermissions = "";
        await using var emulator = await EmulatorFixture.StartAsync(options);
        var person = (await emulator.PeopleAsync())[0];
        var application = await emulator.ApplicationTokenAsync();
        var user = await emulator.UserTokenAsync(scope: "Presence.Read");

        foreach (var token in new[] { application, user })
        {
            Assert.Equal(
                HttpStatusCode.Forbidden,
                (await emulator.SendAsync(HttpMethod.Get, $"v1.0/users/{person}/presence", token)).StatusCode
            );
            var byIds = await emulator.SendAsync(HttpMethod.Post, ByIds, token, new { ids = new[] { person } });
            Assert.Equal(HttpStatusCode.Forbidden, byIds.StatusCode);
        }

        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await emulator.SendAsync(HttpMethod.Get, "v1.0/users", application)).StatusCode
        );
    }

    [Theory]
    [InlineData("v1.0/me/presence", HttpStatusCode.BadRequest)]
    [InlineData("v1.0/communications/presences", HttpStatusCode.MethodNotAllowed)]
    [InlineData("v1.0/communications/presences/00000000-0000-4000-8000-000000000000", HttpStatusCode.NotFound)]
    [InlineData("v1.0/users/not-a-guid/presence", HttpStatusCode.NotFound)]
    [InlineData("beta/communications/presences", HttpStatusCode.NotFound)]
    public async Task Get_WhatCannotBeRead_IsRefused(string path, HttpStatusCode expected)
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        Assert.Equal(
            expected,
            (await emulator.SendAsync(HttpMethod.Get, path, await emulator.ApplicationTokenAsync())).StatusCode
        );
    }

    [Fact]
    public async Task GetByIds_MissingOrTooManyIds_Is400()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var token = await emulator.ApplicationTokenAsync();
        var many = Enumerable.Range(0, 651).Select(_ => Guid.NewGuid()).ToArray();

        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await emulator.SendAsync(HttpMethod.Post, ByIds, token, new { })).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await emulator.SendAsync(HttpMethod.Post, ByIds, token, new { ids = (string[]?)null })).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await emulator.SendAsync(HttpMethod.Post, ByIds, token, new { ids = many })).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.OK,
            (await emulator.SendAsync(HttpMethod.Post, ByIds, token, new { ids = many[..650] })).StatusCode
        );
    }

    [Fact]
    public async Task GetByIds_OddSwitches_AnswersOddly()
    {
        var options = EmulatorFixture.Still();
        options.Switches.UnknownSubjects = UnknownSubject.PresenceUnknown;
        options.Switches.PresenceCasing = PresenceCasing.Camel;
        options.Switches.SequenceNumberInBulkReads = false;
        options.Switches.RepeatDuplicateIds = true;
        options.Switches.ShuffleBulkReads = false;
        await using var emulator = await EmulatorFixture.StartAsync(options);
        var person = (await emulator.PeopleAsync())[0];
        await emulator.PinAsync(person, "Busy", "InAMeeting");
        var unknown = Guid.NewGuid().ToString();

        var value = await ReadAsync(emulator, person, unknown, person);

        Assert.Equal([person, unknown, person], value.Select(presence => (string?)presence!["id"]));
        Assert.Equal(
            ["inAMeeting", "presenceUnknown", "inAMeeting"],
            value.Select(presence => (string?)presence!["activity"])
        );
        Assert.NotEmpty(value);
        Assert.All(value, presence => Assert.Null(presence!["sequenceNumber"]));
    }

    [Fact]
    public async Task Get_OddSwitches_ShowOtherProperties()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var person = (await emulator.PeopleAsync())[0];
        var token = await emulator.ApplicationTokenAsync();

        var usual = await GetAsync(emulator, person, token);
        emulator.Options.Switches.SequenceNumberInReads = false;
        emulator.Options.Switches.WorkLocationInReads = true;
        var odd = await GetAsync(emulator, person, token);

        Assert.True(usual.ContainsKey("sequenceNumber") && !usual.ContainsKey("workLocation"));
        Assert.True(!odd.ContainsKey("sequenceNumber") && odd.ContainsKey("workLocation"));
    }

    [Fact]
    public async Task GetByIds_ManyPeople_ComeInAnotherOrder()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var people = (await emulator.PeopleAsync()).ToArray();

        var value = await ReadAsync(emulator, people);

        Assert.NotEqual(people, value.Select(presence => (string)presence!["id"]!));
        Assert.Equal(people.Order(), value.Select(presence => (string)presence!["id"]!).Order());
    }

    [Fact]
    public async Task Reads_WithFaults_CarryUnseenValuesAndProperties()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        await emulator.SetFaultsAsync(new { reads = new { unseenValues = 1, extraProperties = 1 } });

        var value = await ReadAsync(emulator, (await emulator.PeopleAsync())[0]);

        Assert.Equal("Hologram", (string?)value[0]!["availability"]);
        Assert.NotNull(value[0]!["holodeck"]);
    }

    [Fact]
    public async Task Delete_Person_IsGoneEverywhere()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var person = (await emulator.PeopleAsync())[0];
        var token = await emulator.ApplicationTokenAsync();

        await emulator.Http.PostAsync($"emulator/people/{person}/delete", null);

        Assert.Equal(
            HttpStatusCode.NotFound,
            (await emulator.SendAsync(HttpMethod.Get, $"v1.0/users/{person}", token)).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await emulator.SendAsync(HttpMethod.Get, $"v1.0/users/{person}/presence", token)).StatusCode
        );
        Assert.Empty(await ReadAsync(emulator, person));
        var people = await emulator.PeopleAsync();
        Assert.NotEmpty(people);
        Assert.DoesNotContain(person, people);
    }

    private static async Task<JsonObject> GetAsync(EmulatorFixture emulator, string person, string token) =>
        await EmulatorFixture.ReadAsync(
            await emulator.SendAsync(HttpMethod.Get, $"v1.0/users/{person}/presence", token)
        );

    private static async Task<JsonArray> ReadAsync(EmulatorFixture emulator, params string[] ids)
    {
        var response = await emulator.SendAsync(
            HttpMethod.Post,
            ByIds,
            await emulator.ApplicationTokenAsync(),
            new { ids }
        );
        return (await EmulatorFixture.ReadAsync(response))["value"]!.AsArray();
    }
}
