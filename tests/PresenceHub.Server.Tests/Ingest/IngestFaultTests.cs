using PresenceHub.Contracts;

namespace PresenceHub.Server.Tests.Ingest;

/// <summary>What Ingest makes of a Graph and a Redis that fail, over real sockets.</summary>
[Trait("Category", "Functional")]
public sealed class IngestFaultTests
{
    private static readonly (string, string) OnlyNotifications = ("Polling:Enabled", "false");
    private static readonly (string, string) OnlyPolling = ("Notifications:Enabled", "false");

    [Fact]
    public async Task Throttled_RetryAfter_IsHonoured()
    {
        await using var host = await IngestHost.StartAsync(null, OnlyPolling, ("Polling:Period", "00:00:01"));
        var people = await host.PeopleAsync(20);
        host.Watch(people);
        await host.UntilStoredAsync(people);
        await host.SetFaultsAsync(
            new
            {
                requests = new[]
                {
                    new
                    {
                        operation = "getPresencesByUserId",
                        status = 429,
                        retryAfter = 2,
                        times = 1,
                    },
                },
            }
        );
        await host.ChangeAsync(people[0]);
        var callers = (await host.CountersAsync()).GetProperty("callers").EnumerateArray().ToArray();
        Assert.NotEmpty(callers);
        Assert.All(callers, caller => Assert.Equal(0, caller.GetProperty("insideRetryAfter").GetInt64()));
    }

    public static TheoryData<string, object> ReadFaults() =>
        new()
        {
            {
                "500",
                new
                {
                    operation = "getPresencesByUserId",
                    status = 500,
                    times = 5,
                }
            },
            {
                "429 without a wait",
                new
                {
                    operation = "getPresencesByUserId",
                    status = 429,
                    times = 2,
                }
            },
            {
                "garbage",
                new
                {
                    operation = "getPresencesByUserId",
                    body = "garbage",
                    times = 3,
                }
            },
            {
                "truncated",
                new
                {
                    operation = "getPresencesByUserId",
                    body = "truncated",
                    times = 3,
                }
            },
            {
                "cut",
                new
                {
                    operation = "getPresencesByUserId",
                    body = "cut",
                    times = 3,
                }
            },
            {
                "no answer",
                new
                {
                    operation = "getPresencesByUserId",
                    dropResponse = true,
                    times = 3,
                }
            },
            {
                "no token",
                new
                {
                    operation = "token",
                    status = 503,
                    times = 3,
                }
            },
        };

    [Theory]
    [MemberData(nameof(ReadFaults))]
    public async Task Read_Fails_ComesRightByItself(string name, object fault)
    {
        await using var host = await IngestHost.StartAsync(null, OnlyPolling, ("Polling:Period", "00:00:01"));
        await host.SetFaultsAsync(new { requests = new[] { fault } });
        var people = await host.PeopleAsync(5);
        host.Watch(people);
        await host.UntilStoredAsync(people);
        Assert.NotEmpty(name);
    }

    [Fact]
    public async Task Read_Hangs_DoesNotHoldUpOthers()
    {
        await using var host = await IngestHost.StartAsync(null, OnlyPolling);
        var people = await host.PeopleAsync(5);
        host.Watch(people[0]);
        await host.UntilStoredAsync(people[0]);
        await host.SetFaultsAsync(
            new
            {
                requests = new[]
                {
                    new
                    {
                        operation = "getPresencesByUserId",
                        hang = true,
                        times = 1,
                    },
                },
            }
        );
        host.Watch(people[1]);
        await IngestHost.UntilAsync("a read hangs", async () => await host.ReadsAsync() > 1);
        host.Watch(people[2]);
        var elapsed = await host.UntilStoredAsync(people[2]);
        Assert.True(elapsed < TimeSpan.FromSeconds(5), $"{elapsed}");
    }

    [Fact]
    public async Task Read_PersonUnknownToGraph_IsStoredAsUnknown()
    {
        await using var host = await IngestHost.StartAsync(null, OnlyPolling);
        var stranger = new SubjectId(Guid.NewGuid());
        host.Watch(stranger);
        await host.UntilStoredAsync(stranger);
        Assert.False((await host.ReadAsync(stranger))!.IsKnown);
    }

    [Fact]
    public async Task Store_LosesItsData_IsFilledAgain()
    {
        await using var host = await IngestHost.StartAsync(null, OnlyNotifications);
        var people = await host.WatchAsync(5);
        await host.FlushStoreAsync();
        var elapsed = await host.UntilStoredAsync(people);
        Assert.True(elapsed < TimeSpan.FromSeconds(12), $"{elapsed}");
        await host.ChangeAsync(people[2]);
    }

    [Fact]
    public async Task Store_IsAwayForAWhile_ComesRightByItself()
    {
        await using var host = await IngestHost.StartAsync(null, ("Polling:Period", "00:00:02"));
        var people = await host.WatchAsync(3);
        await host.Redis.KillAsync();
        await host.PinAsync(people[0], "DoNotDisturb", "Focusing");
        await IngestHost.UntilAsync("the loss is noticed", () => Task.FromResult(host.IsLogged(1010)));
        await host.Redis.RestartAsync();
        await IngestHost.UntilAsync("the change is stored", async () =>
            await host.TryReadAsync(people[0]) is { Activity: "Focusing" }
        );
        await host.UntilStoredAsync(people);
    }

    [Fact]
    public async Task Subscription_CreateFails_IsTriedAgain()
    {
        await using var host = await IngestHost.StartAsync(null, OnlyNotifications);
        object[] faults =
        [
            new
            {
                operation = "createSubscription",
                status = 500,
                times = 1,
            },
            new
            {
                operation = "createSubscription",
                dropResponse = true,
                times = 1,
            },
        ];
        await host.SetFaultsAsync(new { requests = faults });
        await host.WatchAsync(3);
    }
}
