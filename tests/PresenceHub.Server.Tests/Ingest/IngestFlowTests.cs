namespace PresenceHub.Server.Tests.Ingest;

[Trait("Category", "Functional")]
public sealed class IngestFlowTests
{
    [Fact]
    public async Task Watch_NewSubjects_AreReadIntoTheStore()
    {
        await using var host = await IngestHost.StartAsync();
        var people = await host.PeopleAsync(3);
        await host.PinAsync(people[0], "Busy", "InAMeeting");
        host.Watch(people);

        var elapsed = await IngestHost.UntilAsync("watched subjects are stored", async () =>
            (await Task.WhenAll(people.Select(host.ReadAsync))).All(entry => entry is not null));
        Assert.Equal("InAMeeting", (await host.ReadAsync(people[0]))!.Activity);
        Console.WriteLine($"first watch {elapsed.TotalMilliseconds} ms");

        elapsed = await IngestHost.UntilAsync("subscription", async () => (await host.SubscriptionsAsync()).Length is 1);
        Console.WriteLine($"subscription {elapsed.TotalMilliseconds} ms");

        await host.PinAsync(people[1], "DoNotDisturb", "Presenting");
        elapsed = await IngestHost.UntilAsync("change", async () => (await host.ReadAsync(people[1]))!.Activity is "Presenting");
        Console.WriteLine($"change {elapsed.TotalMilliseconds} ms");
        var more = await host.PeopleAsync(5);
        host.Watch(more[4]);
        elapsed = await IngestHost.UntilAsync("second watch", async () => await host.ReadAsync(more[4]) is not null);
        Console.WriteLine($"second watch {elapsed.TotalMilliseconds} ms");
        Assert.True(elapsed < TimeSpan.FromSeconds(2));
    }
}
