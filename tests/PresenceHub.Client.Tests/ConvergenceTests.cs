using PresenceHub.Client.Tests.Fakes;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests;

public sealed class ConvergenceTests
{
    private const int Subjects = 12;

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task RandomChangesLossesAndWatches_EndInTheHubsView(int seed)
    {
        var random = new Random(seed);
        var hub = new ModelHub(Subjects);
        var wished = new Dictionary<string, int>();
        await using var client = new PresenceClient(
            new PresenceClientOptions
            {
                Url = new Uri("http://hub.test/hubs/presence"),
                ReconnectBase = TimeSpan.FromMilliseconds(1),
                ReconnectCap = TimeSpan.FromMilliseconds(2),
                StaleAfterDisconnect = TimeSpan.FromMilliseconds(1),
            },
            (receiver, _) => hub.Open(receiver),
            new Random(seed)
        );
        client.EntriesChanged += (_, _) => hub.Activity.Add(true);
        await Expect.SoonAsync(client.StartAsync(), "StartAsync");
        var calls = new List<Task>();
        for (var step = 0; step < 3_000; step++)
        {
            await StepAsync(random, hub, client, wished, calls);
        }

        while (!IsConverged(hub, client, wished))
        {
            await hub.Activity.NextAsync();
            await hub.FlushAsync(bookmark: true);
        }

        await Expect.SoonAsync(Task.WhenAll(calls), "all calls");
    }

    public static TheoryData<int> Seeds() => new(Enumerable.Range(1, 20));

    private static async Task StepAsync(
        Random random,
        ModelHub hub,
        PresenceClient client,
        Dictionary<string, int> wished,
        List<Task> calls
    )
    {
        var id = Wire.Id(random.Next(Subjects));
        switch (random.Next(100))
        {
            case < 30:
                hub.Change(id);
                break;
            case < 45:
                hub.SetFreshness(id, random.Next(2) == 0 ? Freshness.Live : Freshness.Stale);
                break;
            case < 70:
                await hub.FlushAsync(bookmark: random.Next(2) == 0);
                break;
            case < 72:
                hub.Cut();
                break;
            case < 78:
                wished[id] = wished.GetValueOrDefault(id) + 1;
                calls.Add(client.WatchAsync([id]));
                break;
            case < 82:
                if (wished.TryGetValue(id, out _) && --wished[id] == 0)
                {
                    wished.Remove(id);
                }

                calls.Add(client.UnwatchAsync([id]));
                break;
            default:
                await Task.Yield();
                break;
        }
    }

    private static bool IsConverged(ModelHub hub, PresenceClient client, Dictionary<string, int> wished)
    {
        var entries = client.Entries;
        return wished.Keys.ToHashSet().SetEquals(entries.Keys)
            && entries.Values.All(entry => entry == hub.Read(entry.Id));
    }
}
