using PresenceHub.Contracts;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hubs;

/// <summary>From a change in Graph to a client's screen, with nothing configured.</summary>
public sealed class DeliveryTests : IAsyncLifetime
{
    private HubServer _server = null!;

    public async Task InitializeAsync() => _server = await HubServer.StartInProcessAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Change_InGraph_ReachesAWatchingClientWithinTwoSeconds(bool useMessagePack)
    {
        await using var client = await WatchingClient.ConnectAsync(_server, useMessagePack);
        var id = (await _server.PeopleAsync())[0];

        var admission = await client.Client.Watch([id]).Admission;
        Assert.Equal(id, Assert.Single(admission.Entries).Id);
        var first = await client.LiveAsync(id);
        await _server.Emulator.WaitUntilCoveredAsync(id);

        foreach (
            var (availability, activity) in new[]
            {
                ("DoNotDisturb", "Presenting"),
                ("Busy", "InACall"),
                ("SomethingNew", "AlsoNew"),
            }
        )
        {
            await _server.Emulator.SetPresenceAsync(id, availability, activity);
            var entry = await client.ShowsAsync(id, availability, TimeSpan.FromSeconds(2));
            Assert.Equal(activity, entry.Activity);
            Assert.True((entry.Epoch, entry.Revision).CompareTo((first.Epoch, first.Revision)) > 0);
            first = entry;
        }
    }

    [Fact]
    public async Task Watch_Everybody_HasAnEntryForEachAndSoonALiveOne()
    {
        await using var client = await WatchingClient.ConnectAsync(_server);
        var people = await _server.PeopleAsync();
        Assert.Equal(250, people.Length);

        var admission = await client.Client.Watch(people).Admission;

        Assert.Equal(people, admission.Entries.Select(entry => entry.Id));
        await Task.WhenAll(people.Select(client.LiveAsync));
        foreach (var id in people)
        {
            Assert.Equal(
                await _server.Emulator.PresenceOfAsync(id),
                (client.Client.Entries[id].Availability, client.Client.Entries[id].Activity)
            );
        }
    }

    [Fact]
    public async Task Unwatch_Subject_EndsItsChanges()
    {
        await using var client = await WatchingClient.ConnectAsync(_server);
        var people = await _server.PeopleAsync();
        await client.Client.WatchAsync(people[..2]);
        await Task.WhenAll(people[..2].Select(client.LiveAsync));

        await client.Client.UnwatchAsync([people[0]]);
        await _server.Emulator.WaitUntilCoveredAsync(people[1]);
        await _server.Emulator.SetPresenceAsync(people[0], "DoNotDisturb", "Presenting");
        await _server.Emulator.SetPresenceAsync(people[1], "DoNotDisturb", "Presenting");
        await client.ShowsAsync(people[1], "DoNotDisturb");

        Assert.DoesNotContain(client.Entries.All, entry =>
            entry.Id == people[0] && entry.Availability is "DoNotDisturb"
        );
    }

    [Fact]
    public async Task Person_DeletedInGraph_BecomesUnknownAndNeverOffline()
    {
        await using var client = await WatchingClient.ConnectAsync(_server);
        var id = (await _server.PeopleAsync())[5];
        await client.Client.WatchAsync([id]);
        await client.LiveAsync(id);

        await _server.Emulator.DeletePersonAsync(id);
        var entry = await client.Entries.FirstAsync(
            entry => entry.Id == id && entry.Freshness is Freshness.Unknown && entry.Revision > 0,
            TimeSpan.FromSeconds(70)
        );

        Assert.Equal(("PresenceUnknown", null), (entry.Availability, entry.Since));
        Assert.DoesNotContain(client.Entries.All, seen =>
            seen.Id == id && seen.Availability is "Offline" && seen.Revision >= entry.Revision
        );
    }

    [Fact]
    public async Task Person_GraphHasNeverHeardOf_IsWatchedAsUnknown()
    {
        await using var client = await WatchingClient.ConnectAsync(_server);
        var unknown = Guid.NewGuid().ToString();

        var admission = await client.Client.Watch([unknown]).Admission;

        Assert.Equal(
            (Freshness.Unknown, "PresenceUnknown"),
            (Assert.Single(admission.Entries).Freshness, admission.Entries[0].Availability)
        );
        Assert.Empty(admission.Rejected);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Get_SomebodyNobodyWatches_IsAskedFromGraph(bool useMessagePack)
    {
        await using var client = await WatchingClient.ConnectAsync(_server, useMessagePack);
        var id = (await _server.PeopleAsync())[7];

        var entry = await Eventually.GetAsync(
            async () => Assert.Single(await client.Client.GetAsync([id])),
            entry => entry.Freshness is Freshness.Live
        );

        Assert.Equal(await _server.Emulator.PresenceOfAsync(id), (entry.Availability, entry.Activity));
        Assert.Empty(client.Client.Entries);
    }
}
