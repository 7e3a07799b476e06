using System.Text.Json;
using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Server.Tests.Ingest.Subscriptions;

/// <summary>Graph asks for several subscriptions to be reauthorized at the same time, over real sockets.</summary>
[Trait("Category", "Functional")]
public sealed class ReauthorizationTests
{
    [Fact]
    public async Task Reauthorization_TwoSubscriptionsAtOnce_RenewsBothWithinSeconds()
    {
        const string Second = "Graph:Accounts:1:UserId";
        var count = AccountSubscription.Capacity + 50;
        var accounts = Array.Empty<string>();
        await using var host = await IngestHost.StartAsync(
            emulator => (emulator.People, emulator.ServiceAccounts) = (count, 2),
            emulator => [(Second, (accounts = [.. emulator.ServiceAccountIds])[1]), ("Polling:Enabled", "false")]
        );
        host.Watch(await host.PeopleAsync(count));
        await IngestHost.UntilAsync("all are covered", () => Task.FromResult(host.CoveredSubjects == count));
        var before = (await host.SubscriptionsAsync()).ToDictionary(IdOf, ExpiryOf);
        Assert.Equal(2, before.Count);

        // The emulator asks for the reauthorization of both in one turn.
        await Task.WhenAll(accounts.Select(host.RevokeAsync));
        var elapsed = await IngestHost.UntilAsync("both are renewed", async () =>
            (await host.SubscriptionsAsync()).Count(one =>
                before.TryGetValue(IdOf(one), out var expiry) && ExpiryOf(one) > expiry
            )
                is 2
        );
        Assert.True(elapsed < TimeSpan.FromSeconds(10), $"{elapsed}");
    }

    private static string IdOf(JsonElement subscription) => subscription.GetProperty("id").GetString()!;

    private static DateTimeOffset ExpiryOf(JsonElement subscription) =>
        subscription.GetProperty("expirationDateTime").GetDateTimeOffset();
}
