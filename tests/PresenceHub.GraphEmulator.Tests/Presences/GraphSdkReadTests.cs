using Microsoft.Graph.Communications.GetPresencesByUserId;

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
