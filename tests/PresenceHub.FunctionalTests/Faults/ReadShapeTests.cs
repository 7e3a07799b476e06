namespace PresenceHub.FunctionalTests.Faults;

/// <summary>The forms that Graph's answers can take where its documentation is silent or contradicts itself, each with
/// oddities on top.</summary>
public abstract class ReadShapeTests(FaultyGraphFixture fixture)
{
    private static readonly Dictionary<string, Dictionary<string, object>> Faults = new()
    {
        ["nothing"] = [],
        ["unseen values"] = new() { ["reads"] = new { unseenValues = 0.5 } },
        ["extra properties"] = new() { ["reads"] = new { extraProperties = 0.7 } },
        ["notifications out of order"] = new()
        {
            ["notifications"] = new
            {
                reorder = 0.5,
                duplicate = 0.5,
                lose = 0.2,
            },
        },
    };

    public static TheoryData<string, int> Runs() => NotificationFaultTests.RunsOf(Faults.Keys);

    [Theory]
    [MemberData(nameof(Runs))]
    public Task Graph_UnusualAnswers_ViewIsCorrectInTime(string fault, int seed) =>
        fixture.Graph.RunAsync(seed, new(Faults[fault]), "getPresencesByUserId", 1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task Person_Deleted_IsUnknownAndOthersAreCorrect(int seed) =>
        fixture.Graph.RunAsync(seed, [], during: () => fixture.Graph.DeleteAsync(fixture.Graph.Ids[^seed]));

    /// <summary>As documented, but in small letters, with unknown people named and everybody asked for twice answered
    /// twice.</summary>
    public sealed class CamelCase(CamelCase.Server fixture) : ReadShapeTests(fixture), IClassFixture<CamelCase.Server>
    {
        public sealed class Server()
            : FaultyGraphFixture(
                ("Emulator__Switches__PresenceCasing", "Camel"),
                ("Emulator__Switches__UnknownSubjects", "PresenceUnknown"),
                ("Emulator__Switches__RepeatDuplicateIds", "true"),
                ("Emulator__Switches__NarrowResourceInNotifications", "true"),
                ("Emulator__Switches__ValidationTokens", "V1")
            );
    }

    /// <summary>No versions anywhere.</summary>
    public sealed class Unsequenced(Unsequenced.Server fixture)
        : ReadShapeTests(fixture),
            IClassFixture<Unsequenced.Server>
    {
        public sealed class Server()
            : FaultyGraphFixture(
                ("Emulator__Switches__SequenceNumberInReads", "false"),
                ("Emulator__Switches__SequenceNumberInBulkReads", "false"),
                ("Emulator__Switches__OffsetInNotificationExpiry", "true"),
                ("Emulator__Switches__EncodedResourceInNotifications", "false")
            );
    }

    /// <summary>Versions in notifications, but none in reads.</summary>
    public sealed class SequencedNotifications(SequencedNotifications.Server fixture)
        : ReadShapeTests(fixture),
            IClassFixture<SequencedNotifications.Server>
    {
        public sealed class Server()
            : FaultyGraphFixture(
                ("Emulator__Switches__SequenceNumberInReads", "false"),
                ("Emulator__Switches__SequenceNumberInBulkReads", "false"),
                ("Emulator__Switches__SequenceNumberInRichData", "true"),
                ("Emulator__Switches__OutOfOfficeInRichData", "true"),
                ("Emulator__Switches__OrganizationIdInNotifications", "true"),
                ("Emulator__Switches__LowerCaseTypeInNotifications", "true"),
                ("Emulator__Switches__WorkLocationInReads", "true")
            );
    }
}
