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
    [InlineData("beta/users/not-a-guid/presence", HttpStatusCode.NotFound)]
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
        Assert.DoesNotContain(person, await emulator.PeopleAsync());
    }

    [Fact]
    public async Task SetStatusMessage_ReadByOthers_LacksTimes()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var person = (await emulator.PeopleAsync())[0];
        var own = await emulator.UserTokenAsync(person);
        var before = await GetAsync(emulator, person, own);
        await emulator.SendAsync(
            HttpMethod.Post,
            $"v1.0/users/{person}/presence/setStatusMessage",
            own,
            new
            {
                statusMessage = new
                {
                    message = new { content = "Lunch", contentType = "text" },
                    expiryDateTime = new { dateTime = "2026-11-23T12:00:00", timeZone = "UTC" },
                },
            }
        );

        var seenByOthers = (await GetAsync(emulator, person, await emulator.ApplicationTokenAsync()))["statusMessage"]!;
        var seenByOwner = await GetAsync(emulator, person, own);

        Assert.Equal("Lunch", (string?)seenByOthers["message"]!["content"]);
        Assert.Null(seenByOthers["expiryDateTime"]);
        Assert.Null(seenByOthers["publishedDateTime"]);
        Assert.NotNull(seenByOwner["statusMessage"]!["expiryDateTime"]);
        Assert.True(
            string.CompareOrdinal((string)before["sequenceNumber"]!, (string)seenByOwner["sequenceNumber"]!) < 0
        );
    }

    [Theory]
    [InlineData("Busy", "Busy", null, HttpStatusCode.BadRequest)]
    [InlineData("Available", "Available", "PT4H1M", HttpStatusCode.BadRequest)]
    [InlineData("Available", "Available", "soon", HttpStatusCode.BadRequest)]
    [InlineData("Available", "Available", "PT4H", HttpStatusCode.OK)]
    [InlineData("away", "away", null, HttpStatusCode.OK)]
    [InlineData("Busy", "InAConferenceCall", "PT5M", HttpStatusCode.OK)]
    [InlineData("DoNotDisturb", "Presenting", null, HttpStatusCode.OK)]
    public async Task SetPresence_PairAndDuration_AreChecked(
        string availability,
        string activity,
        string? expirationDuration,
        HttpStatusCode expected
    )
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var response = await SetAsync(
            emulator,
            new
            {
                sessionId = emulator.Options.ClientId,
                availability,
                activity,
                expirationDuration,
            }
        );

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task SetPresence_OtherSessionId_DependsOnTheSwitch()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var body = new
        {
            sessionId = Guid.NewGuid(),
            availability = "Available",
            activity = "Available",
        };

        var strict = await SetAsync(emulator, body);
        emulator.Options.Switches.RequireApplicationSessionId = false;
        var lenient = await SetAsync(emulator, body);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (strict.StatusCode, lenient.StatusCode));
    }

    [Fact]
    public async Task SetPresence_ByAnotherUser_Is401()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var people = await emulator.PeopleAsync();

        var response = await emulator.SendAsync(
            HttpMethod.Post,
            $"v1.0/users/{people[0]}/presence/setPresence",
            await emulator.UserTokenAsync(people[1]),
            new { }
        );

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task SetPresence_DefaultDuration_ExpiresOnTheEmulatedClock()
    {
        var time = TestClock.Create();
        await using var emulator = await EmulatorFixture.StartAsync(time: time);
        var person = (await emulator.PeopleAsync())[0];
        await emulator.PinAsync(person, "Offline", "OffWork");
        await emulator.Http.DeleteAsync($"emulator/people/{person}/presence");
        await SetAsync(
            emulator,
            new
            {
                sessionId = emulator.Options.ClientId,
                availability = "Busy",
                activity = "InACall",
            }
        );
        var token = await emulator.ApplicationTokenAsync();

        Assert.Equal("InACall", (string?)(await GetAsync(emulator, person, token))["activity"]);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("Offline", (string?)(await GetAsync(emulator, person, token))["activity"]);
    }

    [Fact]
    public async Task ClearPresence_UnknownSession_Is404()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var person = (await emulator.PeopleAsync())[0];

        var response = await emulator.SendAsync(
            HttpMethod.Post,
            $"v1.0/users/{person}/presence/clearPresence",
            await emulator.ApplicationTokenAsync(),
            new { sessionId = emulator.Options.ClientId }
        );

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static async Task<HttpResponseMessage> SetAsync(EmulatorFixture emulator, object body) =>
        await emulator.SendAsync(
            HttpMethod.Post,
            $"v1.0/users/{(await emulator.PeopleAsync())[0]}/presence/setPresence",
            await emulator.ApplicationTokenAsync(),
            body
        );

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
