namespace PresenceHub.FunctionalTests.Faults;

/// <summary>Reads that Graph fails, spoils or delays. Polling alone has to recover: notifications are off.</summary>
public sealed class RequestFaultTests(PollingOnlyGraph fixture) : IClassFixture<PollingOnlyGraph>
{
    private const string Read = "getPresencesByUserId";

    private static readonly Dictionary<string, object> Faults = new()
    {
        ["500"] = new { operation = Read, status = 500 },
        ["502"] = new { operation = Read, status = 502 },
        ["503"] = new { operation = Read, status = 503 },
        ["504"] = new { operation = Read, status = 504 },
        ["401"] = new { operation = Read, status = 401 },
        ["403"] = new { operation = Read, status = 403 },
        ["404"] = new { operation = Read, status = 404 },
        ["truncated"] = new { operation = Read, body = "truncated" },
        ["cut"] = new { operation = Read, body = "cut" },
        ["garbage"] = new { operation = Read, body = "garbage" },
        ["dropped after the work"] = new { operation = Read, dropResponse = true },
        ["slow"] = new { operation = Read, latency = "00:00:00.8" },
        ["some of everything"] = new
        {
            operation = Read,
            status = 500,
            probability = 0.5,
        },
    };

    public static TheoryData<string, int> Runs() => NotificationFaultTests.RunsOf(Faults.Keys);

    [Theory]
    [MemberData(nameof(Runs))]
    public Task Read_Fails_ViewIsCorrectInTimeWithoutExcessRequests(string fault, int seed) =>
        fixture.Graph.RunAsync(seed, new() { ["requests"] = new[] { Faults[fault] } }, Read);
}
