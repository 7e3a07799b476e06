using Microsoft.Extensions.DependencyInjection;
using PresenceHub.Server.Ingest.Polling;

namespace PresenceHub.Server.Tests.Ingest;

/// <summary>One subject for which Graph refuses or spoils a whole page, over real sockets.</summary>
[Trait("Category", "Functional")]
public sealed class PoisonedPageTests
{
    private const int PageSize = PresenceReader.MaxPageSize;
    private const int QuarantinedEvent = 1050;
    private static readonly (string, string) OnlyPolling = ("Notifications:Enabled", "false");

    /// <summary>Twice the halvings of a full page, the page itself, a probe, rounding, and a few tries of the culprit
    /// alone.</summary>
    private static readonly int Few = (2 * (int)Math.Ceiling(Math.Log2(PageSize))) + 8;

    public static TheoryData<string, bool> Faults() =>
        new()
        {
            { "400", true },
            { "403", true },
            { "404", true },
            { "503", true },
            { "503 with a wait", true },
            { "garbage", true },
            { "noId", false },
            { "wrongTypes", false },
            { "noObject", false },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Read_OneSubjectFailsThePage_TheOthersAreLiveAndItFollowsWhenGraphAnswers(
        string fault,
        bool isOfRequest
    )
    {
        await using var host = await IngestHost.StartAsync(emulator => emulator.People = PageSize, OnlyPolling);
        var people = await host.PeopleAsync(PageSize);
        var culprit = people[123];
        var ids = new[] { culprit.Value };
        await host.SetFaultsAsync(
            isOfRequest
                ? new { requests = new[] { Request(fault, ids) } }
                : new { reads = new Dictionary<string, object> { [fault] = 1, ["ids"] = ids } }
        );

        host.Watch(people);
        var others = people.Where(subject => subject != culprit).ToArray();
        await host.UntilStoredAsync(others);
        Assert.Null(await host.ReadAsync(culprit));
        await IngestHost.UntilAsync("the culprit is found", () => Task.FromResult(host.IsLogged(QuarantinedEvent)));
        Assert.InRange(await host.ReadsAsync(), 2, fault.StartsWith("503", StringComparison.Ordinal) ? Few + 6 : Few);
        Assert.True(host.Services.GetRequiredService<PageLoop>().IsReading);

        await host.SetFaultsAsync(new { });
        await host.UntilStoredAsync(culprit);
        Assert.True((await host.ReadAsync(culprit))!.IsKnown);
    }

    private static Dictionary<string, object> Request(string fault, Guid[] ids) =>
        fault is "503 with a wait"
            ? new()
            {
                ["operation"] = "getPresencesByUserId",
                ["ids"] = ids,
                ["status"] = 503,
                ["retryAfter"] = 1,
            }
        : int.TryParse(fault, out var status)
            ? new()
            {
                ["operation"] = "getPresencesByUserId",
                ["ids"] = ids,
                ["status"] = status,
            }
        : new()
        {
            ["operation"] = "getPresencesByUserId",
            ["ids"] = ids,
            ["body"] = fault,
        };
}
