using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hubs;

public sealed class PollingOnlyTests
{
    [Fact]
    public async Task Change_WithNotificationsOff_ArrivesWithinOnePeriod()
    {
        await using var server = await HubServer.StartInProcessAsync(
            new Dictionary<string, string> { ["Notifications__Enabled"] = "false", ["Polling__Period"] = "00:00:02" }
        );
        await using var client = await WatchingClient.ConnectAsync(server);
        var id = (await server.PeopleAsync())[0];
        await client.Client.WatchAsync([id]);
        await client.LiveAsync(id);

        await server.Emulator.SetPresenceAsync(id, "DoNotDisturb", "Presenting");

        await client.ShowsAsync(id, "DoNotDisturb", TimeSpan.FromSeconds(2.5));
        using var answer = await server.Http.PostAsync(
            new Uri("/graph/notifications?validationToken=x", UriKind.Relative),
            null
        );
        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
    }
}
