using Microsoft.Graph.Communications.GetPresencesByUserId;
using Microsoft.Graph.Models.ODataErrors;
using Microsoft.Graph.Users.Item.Presence.ClearPresence;
using Microsoft.Graph.Users.Item.Presence.SetPresence;
using Microsoft.Graph.Users.Item.Presence.SetUserPreferredPresence;

namespace PresenceHub.GraphEmulator.Tests.Presences;

[Trait("Category", "Functional")]
public sealed class GraphSdkReadTests
{
    [Fact]
    public async Task GetPresence_PinnedPerson_ReadsThePin()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var person = (await emulator.PeopleAsync())[0];
        await emulator.PinAsync(person, "DoNotDisturb", "Presenting");

        var presence = await emulator.Sdk().Users[person].Presence.GetAsync();

        Assert.Equal(("DoNotDisturb", "Presenting", person), (presence!.Availability, presence.Activity, presence.Id));
        Assert.Matches("^A[0-9]{10}$", presence.SequenceNumber);
    }

    [Fact]
    public async Task GetPresencesByUserId_UnknownAndRepeatedIds_AnswersKnownOnesOnce()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var people = await emulator.PeopleAsync();
        var body = new GetPresencesByUserIdPostRequestBody { Ids = [.. people, people[0], Guid.NewGuid().ToString()] };

        var answer = await emulator
            .Sdk()
            .Communications.GetPresencesByUserId.PostAsGetPresencesByUserIdPostResponseAsync(body);

        Assert.Equal(people.Order(), answer!.Value!.Select(presence => presence.Id).Order());
    }

    [Fact]
    public async Task SetAndClearPresence_ByApplication_ShowsTheSession()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var sdk = emulator.Sdk();
        var person = (await emulator.PeopleAsync())[0];
        await emulator.PinAsync(person, "Offline", "OffWork");
        await emulator.Http.DeleteAsync($"emulator/people/{person}/presence");

        await sdk.Users[person]
            .Presence.SetPresence.PostAsync(
                new SetPresencePostRequestBody
                {
                    SessionId = emulator.Options.ClientId,
                    Availability = "Busy",
                    Activity = "InACall",
                    ExpirationDuration = TimeSpan.FromHours(1),
                }
            );
        var inACall = await sdk.Users[person].Presence.GetAsync();
        await sdk.Users[person]
            .Presence.SetUserPreferredPresence.PostAsync(
                new SetUserPreferredPresencePostRequestBody { Availability = "DoNotDisturb", Activity = "DoNotDisturb" }
            );
        var preferred = await sdk.Users[person].Presence.GetAsync();
        await sdk.Users[person].Presence.ClearUserPreferredPresence.PostAsync();
        await sdk.Users[person]
            .Presence.ClearPresence.PostAsync(
                new ClearPresencePostRequestBody { SessionId = emulator.Options.ClientId }
            );
        var cleared = await sdk.Users[person].Presence.GetAsync();

        Assert.Equal(("Busy", "InACall"), (inACall!.Availability, inACall.Activity));
        Assert.Equal("DoNotDisturb", preferred!.Availability);
        Assert.Equal(("Offline", "Offline"), (cleared!.Availability, cleared.Activity));
        Assert.True(string.CompareOrdinal(inACall.SequenceNumber, preferred.SequenceNumber) < 0);
        Assert.True(string.CompareOrdinal(preferred.SequenceNumber, cleared.SequenceNumber) < 0);
    }

    [Fact]
    public async Task SetPresence_DurationOutOfRange_IsAnODataError()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var person = (await emulator.PeopleAsync())[0];

        var request = new SetPresencePostRequestBody
        {
            SessionId = emulator.Options.ClientId,
            Availability = "Available",
            Activity = "Available",
            ExpirationDuration = TimeSpan.FromMinutes(1),
        };

        var error = await Assert.ThrowsAsync<ODataError>(() =>
            emulator.Sdk().Users[person].Presence.SetPresence.PostAsync(request)
        );

        Assert.Equal(("InvalidArgument", 400), (error.Error!.Code, error.ResponseStatusCode));
        Assert.Equal("The provided [ExpirationDuration] is out of range.", error.Error.Message);
    }

    [Fact]
    public async Task GetUsers_SmallPages_PagesThroughEverybody()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var sdk = emulator.Sdk();

        var page = await sdk.Users.GetAsync(request => request.QueryParameters.Top = 7);
        var seen = new List<string>();
        while (page is not null)
        {
            seen.AddRange(page.Value!.Select(user => user.Id!));
            page = page.OdataNextLink is { } next ? await sdk.Users.WithUrl(next).GetAsync() : null;
        }

        Assert.Equal(await emulator.PeopleAsync(), seen);
    }

    [Fact]
    public async Task GetMePresence_SignedInPerson_ReadsOwn()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var person = (await emulator.PeopleAsync())[3];

        var presence = await emulator.Sdk(await emulator.UserTokenAsync(person)).Me.Presence.GetAsync();

        Assert.Equal(person, presence!.Id);
    }
}
