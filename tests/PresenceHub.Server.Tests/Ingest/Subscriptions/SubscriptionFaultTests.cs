using PresenceHub.Contracts;
using PresenceHub.GraphEmulator;

namespace PresenceHub.Server.Tests.Ingest.Subscriptions;

/// <summary>The subscription against the emulator's faults. Polling is off: only the subscription can bring what is
/// asserted.</summary>
[Trait("Category", "Functional")]
public sealed class SubscriptionFaultTests
{
    private static readonly (string, string)[] Quick =
    [
        ("Notifications:MinRecreateInterval", "00:00:00.1"),
        ("Polling:Enabled", "false"),
    ];

    [Fact]
    public async Task Create_AnswerIsLost_LeavesOneSubscriptionThatWorks()
    {
        await using var host = await IngestHost.StartAsync(null, Quick);
        await host.SetFaultsAsync(
            new
            {
                requests = new[]
                {
                    new
                    {
                        operation = "createSubscription",
                        dropResponse = true,
                        times = 1,
                    },
                },
            }
        );
        var people = await host.PeopleAsync(3);
        host.Watch(people);

        // The lost one covers all subjects too, but no node here knows its secret.
        await UntilKeptAsync(host, 3);
        await host.UntilIdleAsync();
        await host.ChangeAsync(people[0]);
        Assert.Single(await host.SubscriptionsAsync());
    }

    [Theory]
    [InlineData(500)]
    [InlineData(409)]
    [InlineData(403)]
    public async Task Create_RefusedForAWhileAfterADelete_IsTriedUntilItWorks(int status)
    {
        await using var host = await IngestHost.StartAsync(null, Quick);
        var people = await host.WatchAsync(3);
        await host.SetFaultsAsync(new { afterDelete = new { status, @for = "00:00:02" } });
        var more = await host.PeopleAsync(5);
        host.Watch(more);
        await host.UntilSubscribedAsync(5);
        Assert.True(host.IsLogged(1024));
        await UntilKeptAsync(host, 5);
        await host.UntilIdleAsync();
        await host.ChangeAsync(people[0]);
        await host.ChangeAsync(more[4]);
    }

    [Fact]
    public async Task Create_GraphNamesBadIds_CoversTheOthers()
    {
        await using var host = await IngestHost.StartAsync(RefuseStrangers, Quick);
        SubjectId[] people =
        [
            .. await host.PeopleAsync(3),
            new SubjectId(Guid.NewGuid()),
            new SubjectId(Guid.NewGuid()),
        ];
        host.Watch(people);
        await host.UntilSubscribedAsync(3);
        await UntilKeptAsync(host, 3);
        Assert.True(host.IsLogged(1029));
        await host.UntilIdleAsync();
        await host.ChangeAsync(people[0]);
    }

    [Fact]
    public async Task Create_GraphRefusesAllWhoAreWatched_AsksNotAgainForThem()
    {
        await using var host = await IngestHost.StartAsync(RefuseStrangers, Quick);
        host.Watch(new SubjectId(Guid.NewGuid()));
        await IngestHost.UntilAsync("it is refused", () => Task.FromResult(host.IsLogged(1029)));
        await host.UntilIdleAsync();
        Assert.False(host.IsLogged(1024));
        host.Watch(await host.PeopleAsync(1));
        await host.UntilSubscribedAsync(1);
    }

    [Fact]
    public async Task Token_RevokedBeforeItsTime_IsFetchedAnew()
    {
        await using var host = await IngestHost.StartAsync(null, Quick);
        await host.WatchAsync(3);
        await host.RevokeAsync(host.Emulator.ServiceAccountId);
        var more = await host.PeopleAsync(4);
        host.Watch(more);
        await host.UntilSubscribedAsync(4);
        await UntilKeptAsync(host, 4);
        Assert.False(host.IsLogged(1031));
        await host.UntilIdleAsync();
        await host.ChangeAsync(more[3]);
    }

    /// <summary>Graph tells presence of ids that it then refuses in a subscription: of others the hub would not ask for
    /// one.</summary>
    private static void RefuseStrangers(GraphEmulatorOptions emulator)
    {
        emulator.Switches.UnknownSubjects = UnknownSubject.PresenceUnknown;
        emulator.Switches.UnknownSubjectsFailSubscription = true;
    }

    /// <summary>Waits until the hub itself counts so many as covered.</summary>
    private static Task<TimeSpan> UntilKeptAsync(IngestHost host, int count) =>
        IngestHost.UntilAsync("the hub holds the subscription", () => Task.FromResult(host.CoveredSubjects == count));
}
