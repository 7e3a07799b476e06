namespace PresenceHub.FunctionalTests.Faults;

/// <summary>Reads that Graph refuses, spoils or delays. Polling alone has to get over them: notifications are
/// off.</summary>
public sealed class RequestFaultTests(RequestFaultTests.PollingOnly fixture)
    : IClassFixture<RequestFaultTests.PollingOnly>
{
    private const string Read = "getPresencesByUserId";

    private static readonly Dictionary<string, object> Faults = new()
    {
        ["429, whole seconds"] = new
        {
            operation = Read,
            status = 429,
            retryAfter = 2,
            times = 2,
        },
        ["429, decimal"] = new
        {
            operation = Read,
            status = 429,
            retryAfter = 1.25,
            retryAfterStyle = "fraction",
            times = 3,
        },
        ["429, date"] = new
        {
            operation = Read,
            status = 429,
            retryAfter = 1,
            retryAfterStyle = "httpDate",
            times = 2,
        },
        ["429, no word"] = new
        {
            operation = Read,
            status = 429,
            times = 2,
        },
        ["503 with a wait"] = new
        {
            operation = Read,
            status = 503,
            retryAfter = 1.5,
            retryAfterStyle = "fraction",
            times = 2,
        },
        ["some 429"] = new
        {
            operation = Read,
            status = 429,
            retryAfter = 0.7,
            retryAfterStyle = "fraction",
            probability = 0.6,
        },
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

    public sealed class PollingOnly() : FaultyGraphFixture(("Notifications__Enabled", "false"));
}
