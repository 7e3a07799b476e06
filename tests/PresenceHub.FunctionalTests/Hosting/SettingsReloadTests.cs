using PresenceHub.FunctionalTests.Hubs;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>The server where other processes have used up what the system has of inotify.</summary>
public sealed class SettingsReloadTests
{
    private const string Warning = "Settings files cannot be watched";

    [Fact]
    public Task Inotify_UsedUp_ServerStartsWarnsOnceAndStillFollowsItsSettingsFiles() =>
        Task.WhenAll(StartsWarnsAndFollowsAsync("instances"), StartsWarnsAndFollowsAsync("watches"));

    private static async Task StartsWarnsAndFollowsAsync(string limit)
    {
        using var policy = new PolicyFile();
        await using var server = await HubServer.StartAsync(policy.Settings, withoutInotify: limit);
        Assert.Contains(
            "fs.inotify.max_user_instances",
            await server.OutputLineAsync(Warning),
            StringComparison.Ordinal
        );

        var person = (await server.PeopleAsync())[0];
        policy.Hide(person);

        await server.OutputLineAsync("The operator's policy has changed: 1 people are hidden");
        Assert.Equal(0, await server.StopAsync());
        Assert.Single(server.Output, line => line.Contains(Warning, StringComparison.Ordinal));
    }
}
