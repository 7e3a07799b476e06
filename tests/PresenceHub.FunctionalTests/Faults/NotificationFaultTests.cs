namespace PresenceHub.FunctionalTests.Faults;

/// <summary>Notifications that come twice, late, in another order or not at all.</summary>
public sealed class NotificationFaultTests(NotificationFaultTests.Sequenced fixture)
    : IClassFixture<NotificationFaultTests.Sequenced>
{
    private static readonly Dictionary<string, object> Faults = new()
    {
        ["duplicated"] = new { duplicate = 1.0 },
        ["reordered"] = new { reorder = 0.8 },
        ["delayed"] = new { delay = 0.7, delayUpTo = "00:00:03" },
        ["lost"] = new { lose = 1.0 },
        ["some lost"] = new { lose = 0.5 },
        [AllAtOnce] = new
        {
            lose = 0.3,
            duplicate = 0.5,
            reorder = 0.5,
            delay = 0.3,
            delayUpTo = "00:00:02",
        },
        ["old certificate"] = new { oldCertificateId = 1.0 },
    };

    private const string AllAtOnce = "all at once";

    public static TheoryData<string, int> Runs() => RunsOf(Faults.Keys.Where(fault => fault is not AllAtOnce));

    public static TheoryData<string, int> MixedRuns() => RunsOf([AllAtOnce]);

    [Theory]
    [MemberData(nameof(Runs))]
    public Task Notifications_Fail_ViewIsCorrectInTime(string fault, int seed) =>
        fixture.Graph.RunAsync(seed, new() { ["notifications"] = Faults[fault] });

    [Theory]
    [MemberData(nameof(MixedRuns))]
    public Task Notifications_FailInEveryWay_ViewIsCorrectInTime(string fault, int seed) =>
        fixture.Graph.RunAsync(seed, new() { ["notifications"] = Faults[fault] });

    internal static TheoryData<string, int> RunsOf(IEnumerable<string> faults)
    {
        var runs = new TheoryData<string, int>();
        foreach (var fault in faults)
        {
            for (var seed = 1; seed <= 3; seed++)
            {
                runs.Add(fault, seed);
            }
        }

        return runs;
    }

    public sealed class Sequenced() : FaultyGraphFixture(("Emulator__Switches__SequenceNumberInRichData", "true"));
}
