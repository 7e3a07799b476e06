using PresenceHub.Contracts;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Tests.Ingest;

/// <summary>What tests of the whole way do again and again.</summary>
internal static class IngestHostSteps
{
    public static async Task<SubjectId[]> WatchAsync(this IngestHost host, int count)
    {
        var people = await host.PeopleAsync(count);
        host.Watch(people);
        await host.UntilStoredAsync(people);
        await host.UntilSubscribedAsync(count);
        await host.UntilIdleAsync();
        return people;
    }

    public static Task<TimeSpan> UntilStoredAsync(this IngestHost host, params SubjectId[] people) =>
        IngestHost.UntilAsync("all are stored", async () =>
            (await Task.WhenAll(people.Select(host.ReadAsync))).All(entry => entry is not null)
        );

    public static Task<TimeSpan> UntilSubscribedAsync(this IngestHost host, int count) =>
        IngestHost.UntilAsync("all are subscribed to", async () =>
            await host.SubscriptionsAsync() is [var subscription]
            && subscription.GetProperty("count").GetInt32() == count
        );

    public static async Task<TimeSpan> ChangeAsync(this IngestHost host, SubjectId person)
    {
        await host.PinAsync(person, "DoNotDisturb", "Focusing");
        return await IngestHost.UntilAsync("the change is stored", async () =>
            await host.ReadAsync(person) is StoredEntry { Activity: "Focusing" }
        );
    }

    public static async Task<long> ReadsAsync(this IngestHost host)
    {
        var counters = await host.CountersAsync();
        return counters
            .GetProperty("callers")
            .EnumerateArray()
            .Sum(caller =>
                caller.GetProperty("requests").TryGetProperty("getPresencesByUserId", out var count)
                    ? count.GetInt64()
                    : 0
            );
    }
}
