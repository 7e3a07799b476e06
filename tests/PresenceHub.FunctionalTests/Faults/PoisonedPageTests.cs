namespace PresenceHub.FunctionalTests.Faults;

/// <summary>Graph refuses every read of one person. Polling alone keeps the views of all others right.</summary>
public sealed class PoisonedPageTests(PollingOnlyGraph fixture) : IClassFixture<PollingOnlyGraph>
{
    private const string Read = "getPresencesByUserId";

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(503)]
    public async Task Read_OnePersonFailsEveryPage_OthersStayCorrectAndThePersonRecovers(int status)
    {
        var graph = fixture.Graph;
        var culprit = graph.Ids[7];
        await graph.RunAsync(
            status,
            new()
            {
                ["requests"] = new[]
                {
                    new
                    {
                        operation = Read,
                        status,
                        ids = new[] { culprit },
                    },
                },
            },
            Read,
            requests: 4,
            async () =>
            {
                await graph.SettleAsync();
                await graph.ExpectConvergenceAsync(except: culprit);
            }
        );
    }

    [Theory]
    [InlineData("noId")]
    [InlineData("wrongTypes")]
    [InlineData("noObject")]
    public async Task Read_OnePersonUnreadableInEveryAnswer_OthersStayCorrectAndThePersonRecovers(string fault)
    {
        var graph = fixture.Graph;
        var culprit = graph.Ids[8];
        await graph.RunAsync(
            1,
            new()
            {
                ["reads"] = new Dictionary<string, object> { [fault] = 1, ["ids"] = new[] { culprit } },
            },
            Read,
            requests: 4,
            async () =>
            {
                await graph.SettleAsync();
                await graph.ExpectConvergenceAsync(except: culprit);
            }
        );
    }
}
