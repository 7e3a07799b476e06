namespace PresenceHub.FunctionalTests.Faults;

/// <summary>Subscriptions that die without a word, and tokens that are dead before their time.</summary>
public sealed class LostAccessTests(LostAccessTests.Both fixture) : IClassFixture<LostAccessTests.Both>
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task Subscription_EndsSilently_PollingFindsTheChanges(int seed) =>
        fixture.Graph.RunAsync(seed, [], during: fixture.Graph.Emulator.EndSubscriptionsAsync);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task Account_TokensRevoked_PollingFindsTheChanges(int seed) =>
        fixture.Graph.RunAsync(seed, [], during: async () =>
        {
            foreach (var subscription in await fixture.Graph.Emulator.SubscriptionsAsync())
            {
                await fixture.Graph.Emulator.RevokeAsync(subscription.GetProperty("accountId").GetString()!);
            }
        });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Application_TokensRevoked_SignsInAgain(int seed)
    {
        var signIns = await fixture.Graph.Emulator.RequestsAsync("token");
        await fixture.Graph.RunAsync(seed, [], during: async () =>
        {
            await fixture.Graph.Emulator.RevokeAsync(FaultyGraph.ClientId);
            await fixture.Graph.UntilAsync("the application signs in again", async () =>
                await fixture.Graph.Emulator.RequestsAsync("token") > signIns
            );
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task Authority_Away_HasNoEffectWhileTokensAreValid(int seed) =>
        fixture.Graph.RunAsync(
            seed,
            new()
            {
                ["requests"] = new[]
                {
                    new { operation = "token", status = 503 },
                    new { operation = "keys", status = 503 },
                },
            }
        );

    public sealed class Both() : FaultyGraphFixture;
}
