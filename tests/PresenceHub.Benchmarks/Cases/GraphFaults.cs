namespace PresenceHub.Benchmarks.Cases;

/// <summary>What fails in Graph while it is measured.</summary>
internal static class GraphFaults
{
    /// <summary>Bodies for the emulator's control API.</summary>
    public static readonly IReadOnlyList<object> All =
    [
        new { notifications = new { lose = 0.3 } },
        new { notifications = new { duplicate = 0.5, reorder = 0.5 } },
        new { notifications = new { delay = 0.5, delayUpTo = "00:00:20" } },
        new { notifications = new { wrongClientState = 0.3 } },
        new
        {
            requests = new[]
            {
                new
                {
                    operation = "getPresencesByUserId",
                    status = 429,
                    retryAfter = 3,
                    probability = 0.2,
                },
            },
        },
        new
        {
            requests = new[]
            {
                new
                {
                    operation = "getPresencesByUserId",
                    status = 503,
                    probability = 0.5,
                },
            },
        },
        new
        {
            requests = new[]
            {
                new
                {
                    operation = "getPresencesByUserId",
                    body = "truncated",
                    probability = 0.3,
                },
            },
        },
        new
        {
            requests = new[]
            {
                new
                {
                    operation = "getPresencesByUserId",
                    dropResponse = true,
                    probability = 0.3,
                },
            },
        },
        new
        {
            requests = new[]
            {
                new
                {
                    operation = "getPresencesByUserId",
                    latency = "00:00:02",
                    probability = 0.5,
                },
            },
        },
        new
        {
            requests = new[]
            {
                new
                {
                    operation = "*",
                    status = 500,
                    probability = 0.2,
                },
            },
        },
    ];
}
