using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PresenceHub.GraphEmulator.Faults;

namespace PresenceHub.GraphEmulator.Tests.Faults;

public sealed class FaultSeedTests
{
    private const int Asked = 200;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TakeFor_SamePlanAgain_HitsTheSameRequests(int seed)
    {
        var first = HitsOf(new FaultPlan { Seed = seed, Requests = [new() { Probability = 0.3 }] }, options: 1);
        var second = HitsOf(new FaultPlan { Seed = seed, Requests = [new() { Probability = 0.3 }] }, options: 2);

        Assert.Equal(first, second);
        Assert.InRange(first.Count(hit => hit), Asked / 6, Asked / 2);
    }

    [Fact]
    public void TakeFor_AnotherSeed_HitsOthers() =>
        Assert.NotEqual(
            HitsOf(new FaultPlan { Seed = 1, Requests = [new() { Probability = 0.3 }] }),
            HitsOf(new FaultPlan { Seed = 2, Requests = [new() { Probability = 0.3 }] })
        );

    [Fact]
    public void TakeFor_NoSeedInThePlan_GoesByTheOption()
    {
        var plan = new FaultPlan { Requests = [new() { Probability = 0.3 }] };
        Assert.Equal(HitsOf(plan, options: 7), HitsOf(plan with { Seed = 7 }, options: 1));
        Assert.NotEqual(HitsOf(plan, options: 7), HitsOf(plan, options: 8));
    }

    [Fact]
    public void TakeFor_OtherThingsDrawnBetween_HitsTheSameRequests()
    {
        var plan = new FaultPlan
        {
            Seed = 5,
            Requests =
            [
                new() { Operation = "read", Probability = 0.3 },
                new() { Operation = "other", Probability = 0.5 },
            ],
        };
        var undisturbed = HitsOf(plan);
        var faults = new FaultSet(new GraphEmulatorOptions()) { Current = plan };
        Assert.Equal(
            undisturbed,
            Enumerable
                .Range(0, Asked)
                .Select(_ =>
                {
                    faults.Course.TakeFor("other");
                    faults.Course.Notifications.Share();
                    faults.Course.Reads.Happens(0.5);
                    return faults.Course.TakeFor("read") is not null;
                })
        );
    }

    [Fact]
    [Trait("Category", "Functional")]
    public async Task Put_SameFaultsAgain_RequestsFareTheSame()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var token = await emulator.ApplicationTokenAsync();
        var runs = new List<List<HttpStatusCode>>();
        foreach (var seed in new[] { 4, 5, 4 })
        {
            await emulator.SetFaultsAsync(
                new
                {
                    seed,
                    requests = new[]
                    {
                        new
                        {
                            operation = "listUsers",
                            status = 503,
                            probability = 0.5,
                        },
                    },
                }
            );
            var statuses = new List<HttpStatusCode>();
            for (var request = 0; request < 30; request++)
            {
                using var response = await emulator.SendAsync(HttpMethod.Get, "v1.0/users?$top=1", token);
                statuses.Add(response.StatusCode);
            }

            runs.Add(statuses);
        }

        Assert.Equal(runs[0], runs[2]);
        Assert.NotEqual(runs[0], runs[1]);
        Assert.Equal(4, (int)(await emulator.Http.GetFromJsonAsync<JsonObject>("emulator/faults"))!["seed"]!);
    }

    [Theory]
    [InlineData("seconds", "^3$")]
    [InlineData("fraction", @"^2\.500$")]
    [InlineData("httpDate", " GMT$")]
    [InlineData("absent", "^$")]
    [Trait("Category", "Functional")]
    public async Task Status_RetryAfterStyle_SpellsTheHeader(string style, string pattern)
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var token = await emulator.ApplicationTokenAsync();
        await emulator.SetFaultsAsync(
            new
            {
                requests = new[]
                {
                    new
                    {
                        operation = "listUsers",
                        status = 429,
                        retryAfter = 2.5,
                        retryAfterStyle = style,
                    },
                },
            }
        );

        using var response = await emulator.SendAsync(HttpMethod.Get, "v1.0/users", token);

        Assert.Matches(
            pattern,
            response.Headers.NonValidated.TryGetValues("Retry-After", out var values) ? values.ToString() : string.Empty
        );
    }

    private static List<bool> HitsOf(FaultPlan plan, int options = 1)
    {
        var faults = new FaultSet(new GraphEmulatorOptions { Seed = options }) { Current = plan };
        return [.. Enumerable.Range(0, Asked).Select(_ => faults.Course.TakeFor("read") is not null)];
    }
}
