namespace PresenceHub.FunctionalTests.Faults;

/// <summary>Notifications that the emulator forges while a hub in full runs. Every kind of forgery is tried on the
/// endpoint alone elsewhere.</summary>
public sealed class ForgedNotificationTests(ForgedNotificationTests.Sequenced fixture)
    : IClassFixture<ForgedNotificationTests.Sequenced>
{
    public static TheoryData<string, int> Forgeries() =>
        NotificationFaultTests.RunsOf([
            "wrongClientState",
            "wrongPublisher",
            "wrongAudience",
            "expiredToken",
            "unknownKey",
            "noTokens",
            "badSignature",
        ]);

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Notifications_Forged_AreAllRejected(string flaw, int seed)
    {
        var graph = fixture.Graph;
        await ExpectQuietAsync(graph);
        var (applied, forged) = (await graph.NotificationsAsync("applied"), await graph.NotificationsAsync("forged"));
        await graph.RunAsync(
            seed,
            new() { ["notifications"] = new Dictionary<string, double> { [flaw] = 1 } },
            during: async () =>
            {
                await ExpectQuietAsync(graph);
                Assert.True(await graph.NotificationsAsync("forged") > forged, "Nothing was forged");
            }
        );
        await ExpectQuietAsync(graph);
        Assert.Equal(applied, await graph.NotificationsAsync("applied"));
        var output = string.Join('\n', graph.Server.Output);
        Assert.NotEmpty(output);
        Assert.DoesNotContain("eyJ", output, StringComparison.Ordinal);
        Assert.NotEmpty(graph.Ids);
        Assert.All(graph.Ids, id => Assert.DoesNotContain(id, output, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Waits until everything that the hub took has come to its end there. What it tells of that may be 300 ms
    /// old, but only grows.</summary>
    private static Task ExpectQuietAsync(FaultyGraph graph) =>
        graph.UntilAsync("notifications come to their end", async () =>
        {
            if (!await graph.IsQuietAsync())
            {
                return false;
            }

            var taken = (await graph.Server.Emulator.CountersAsync())
                .GetProperty("notifications")
                .GetProperty("accepted")
                .GetInt64();
            var ended = 0L;
            foreach (var outcome in new[] { "forged", "unknownSubscription", "refreshed", "applied" })
            {
                ended += await graph.NotificationsAsync(outcome);
            }

            return ended >= taken;
        });

    public sealed class Sequenced()
        : FaultyGraphFixture(
            true,
            ("Emulator__Switches__SequenceNumberInRichData", "true"),
            ("Logging__LogLevel__PresenceHub", "Debug")
        );
}
