namespace PresenceHub.FunctionalTests.Ingest;

/// <summary>The subscriptions of connected accounts while one account or subscription fails.</summary>
public sealed class AccountSubscriptionTests : IAsyncLifetime
{
    private AccountsTenant _tenant = null!;

    public async Task InitializeAsync() => _tenant = await AccountsTenant.StartAsync();

    public async Task DisposeAsync() => await _tenant.DisposeAsync();

    [Fact]
    public async Task Revoke_OneAccount_NeedsSignInUntilItIsConnectedAgainWhileOthersTakeOver()
    {
        await using var server = await _tenant.StartHubAsync();
        using var browser = await AccountsBrowser.SignInAsync(server);
        await browser.ConnectAsync(_tenant.AccountIds[0]);
        await using var client = await _tenant.WatchAsync(server, 3);
        await AccountsTenant.UntilAsync("covered", server, async () => await _tenant.CoveredAsync() is 3);

        await _tenant.Emulator.RevokeAsync(_tenant.AccountIds[0]);
        var people = await _tenant.Emulator.PeopleAsync(5);
        await client.Client.WatchAsync([people[3]]);
        await AccountsTenant.UntilAsync("it needs a sign-in", server, async () =>
            (await browser.ListAsync()).Single() is var account
            && account.GetProperty("needsSignIn").GetBoolean()
            && account.GetProperty("lastError").GetString() is "signInNeeded"
        );
        await server.OutputLineAsync("The sign-in of a delegated account has ended");
        await _tenant.Emulator.SetPresenceAsync(people[0], "DoNotDisturb", "Presenting");
        await client.ShowsAsync(people[0], "DoNotDisturb", TimeSpan.FromSeconds(20));

        await browser.ConnectAsync(_tenant.AccountIds[1]);
        await AccountsTenant.UntilAsync("the other account covers all", server, async () =>
            (await _tenant.Emulator.SubscriptionsAsync()).Any(subscription =>
                subscription.GetProperty("accountId").GetString() == _tenant.AccountIds[1]
                && subscription.GetProperty("count").GetInt32() is 4
            )
        );
        await browser.ConnectAsync(_tenant.AccountIds[0]);
        await AccountsTenant.UntilAsync("all accounts are signed in", server, async () =>
            (await browser.ListAsync()).All(account => !account.GetProperty("needsSignIn").GetBoolean())
        );
    }

    [Fact]
    public async Task Create_CallOfOneAccountHangs_DoesNotDelayTheOthers()
    {
        await using var server = await _tenant.StartHubAsync();
        using var browser = await AccountsBrowser.SignInAsync(server);
        await browser.ConnectAsync(_tenant.AccountIds[0]);
        await browser.ConnectAsync(_tenant.AccountIds[1]);

        // Longer than the test waits.
        await _tenant.Emulator.SetFaultsAsync(
            new
            {
                requests = new[]
                {
                    new
                    {
                        operation = "createSubscription",
                        latency = "00:05:00",
                        times = 1,
                    },
                },
            }
        );
        await using var client = await _tenant.WatchAsync(server, 700);
        await AccountsTenant.UntilAsync("the other account covers its share", server, async () =>
            await _tenant.CoveredAsync() is > 0
        );
        Assert.False(
            server.Output.Any(line =>
                line.Contains("Cannot maintain the presence subscription", StringComparison.Ordinal)
            ),
            "The hanging call has ended too early"
        );
    }

    [Fact]
    public async Task Subscription_SendsNothing_IsDetectedAndRecreated()
    {
        await using var server = await _tenant.StartHubAsync(
            ("Polling__Period", "00:00:02"),
            ("Subscriptions__NotificationPatience", "00:00:02")
        );
        using var browser = await AccountsBrowser.SignInAsync(server);
        await browser.ConnectAsync(_tenant.AccountIds[0]);
        await using var client = await _tenant.WatchAsync(server, 5);
        await AccountsTenant.UntilAsync("covered", server, async () => await _tenant.CoveredAsync() is 5);
        foreach (var person in await _tenant.Emulator.PeopleAsync(5))
        {
            await client.LiveAsync(person);
        }

        await _tenant.Emulator.EndSubscriptionAsync(
            (await _tenant.Emulator.SubscriptionsAsync()).Single().GetProperty("id").GetString()!
        );
        var round = 0;
        await AccountsTenant.UntilAsync("another subscription covers all", server, async () =>
        {
            // Presences keep changing, so that each poll finds changes.
            foreach (var person in round++ % 10 is 0 ? await _tenant.Emulator.PeopleAsync(5) : [])
            {
                await _tenant.Emulator.SetPresenceAsync(
                    person,
                    round % 20 is 1 ? "DoNotDisturb" : "Busy",
                    "Presenting"
                );
            }

            return await _tenant.CoveredAsync() is 5;
        });
        await server.OutputLineAsync("sends nothing while polls find changes");
        var metrics = await server.Http.GetStringAsync("/metrics");
        Assert.Contains("presencehub_ingest_notifications_missed_total", metrics, StringComparison.Ordinal);
        Assert.Contains("presencehub_ingest_wrong_duration_seconds", metrics, StringComparison.Ordinal);
        Assert.Contains("presencehub_graph_budget_used", metrics, StringComparison.Ordinal);
    }
}
