namespace PresenceHub.FunctionalTests.Faults;

/// <summary>Reads that Graph refuses for a while. Polling alone has to wait as told: notifications are off.</summary>
public sealed class ThrottledReadTests(PollingOnlyGraph fixture) : IClassFixture<PollingOnlyGraph>
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
    };

    public static TheoryData<string, int> Runs() => NotificationFaultTests.RunsOf(Faults.Keys);

    [Theory]
    [MemberData(nameof(Runs))]
    public Task Read_Throttled_ViewIsCorrectInTimeWithoutExcessRequests(string fault, int seed) =>
        fixture.Graph.RunAsync(seed, new() { ["requests"] = new[] { Faults[fault] } }, Read);
}
