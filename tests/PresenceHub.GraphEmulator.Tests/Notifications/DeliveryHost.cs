using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.GraphEmulator.Notifications;

namespace PresenceHub.GraphEmulator.Tests.Notifications;

/// <summary>An emulator on a fake clock, and an endpoint that it posts notifications to.</summary>
internal sealed class DeliveryHost : IAsyncDisposable
{
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private DeliveryHost(
        EmulatorFixture emulator,
        NotificationListener listener,
        IReadOnlyList<string> people,
        FakeTimeProvider time
    ) => (Emulator, Listener, People, Time) = (emulator, listener, people, time);

    public FakeTimeProvider Time { get; }

    public EmulatorFixture Emulator { get; }

    public NotificationListener Listener { get; }

    public IReadOnlyList<string> People { get; }

    public NotificationTotals Totals => Emulator.Server.Services.GetRequiredService<NotificationCounts>().Read();

    public static async Task<DeliveryHost> StartAsync()
    {
        var options = EmulatorFixture.Still();
        options.ServiceAccounts = 2;
        var time = TestClock.Create();
        var emulator = await EmulatorFixture.StartAsync(options, time);
        var people = await emulator.PeopleAsync();
        foreach (var person in people)
        {
            await emulator.PinAsync(person, "Offline", "OffWork");
        }

        return new DeliveryHost(emulator, await NotificationListener.StartAsync(), people, time);
    }

    /// <summary>Advances the clock, but not while a post is in progress: on a busy machine that would make it
    /// late.</summary>
    public Task SettleAsync(Func<bool> happened, TimeSpan? step = null) =>
        Time.AdvanceUntilAsync(step ?? Step, happened, isBusy: () => Totals.PostsUnderWay > 0);

    public async Task<string> SubscribeAsync(string? account = null) =>
        await Emulator.SubscribeAsync(
            await Emulator.UserTokenAsync(account),
            EmulatorFixture.Wanted(Listener.Url, People, Time.GetUtcNow().AddMinutes(50))
        );

    public async Task<JsonArray> NextAsync()
    {
        string? body = null;
        await SettleAsync(() => Listener.TryNext(out body));
        return JsonNode.Parse(body!)!["value"]!.AsArray();
    }

    public async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        await Listener.DisposeAsync();
    }
}
