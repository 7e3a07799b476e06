using CsCheck;
using Xunit.Abstractions;

namespace PresenceHub.Verification.Model;

/// <summary>Everything that can happen within some bounds, one state after the other, until there is no new
/// one.</summary>
[Trait("Category", "Long")]
public sealed class ProtocolTests(ITestOutputHelper output)
{
    private const string Overlap = "two writes, whose messages overtake each other";
    private const string Calls = "a client moves, and its call takes time";
    private const string FirstCall = "a client calls for the first time";
    private const string OneFault = "one fault of any kind, and a client moves";
    private const string DataLost = "the data is lost while clients call";
    private const string WritesLost = "writes are lost, and both clients move";
    private const string ClockBehind = "two restarts, the second with a clock that is behind";
    private const string Servers = "each partition on a server of its own";
    private const string ServersTwice = "two faults over two servers, and a client moves";

    private static readonly Dictionary<string, Bounds> Explorations = new()
    {
        [Overlap] = new() { Writes = 2 },
        [Calls] = new() { Cuts = 1, CallsTakeTime = true },
        [FirstCall] = new() { CallsTakeTime = true, SecondClientIsNew = true },
        [OneFault] = new() { Faults = 1, Cuts = 1 },
        [DataLost] = new()
        {
            Writes = 0,
            Faults = 1,
            Cuts = 1,
            CallsTakeTime = true,
            SecondClientIsNew = true,
            MessagesFail = false,
            Restarts = [Restart.DataLost],
        },
        [WritesLost] = new()
        {
            Faults = 1,
            Cuts = 2,
            MessagesFail = false,
            Restarts = [Restart.WritesLost],
        },
        [ClockBehind] = new()
        {
            Clients = 1,
            Faults = 2,
            MessagesFail = false,
            Restarts = [Restart.WritesLost, Restart.DataLostClockBehind],
        },
        [Servers] = new() { Partitions = 2, Faults = 1 },
        [ServersTwice] = new()
        {
            Partitions = 2,
            Nodes = 1,
            Clients = 1,
            Faults = 2,
            Cuts = 1,
        },
    };

    [Theory]
    [InlineData(Overlap, 30_847)]
    [InlineData(Calls, 11_282)]
    [InlineData(FirstCall, 3_803)]
    [InlineData(OneFault, 383_960)]
    [InlineData(DataLost, 16_386)]
    [InlineData(WritesLost, 262_355)]
    [InlineData(ClockBehind, 69_661)]
    [InlineData(Servers, 142_914)]
    [InlineData(ServersTwice, 235_218)]
    public void Protocol_EveryOrderOfEvents_KeepsItsPromises(string exploration, int states)
    {
        var report = new ProtocolSpec(Defect.None, Explorations[exploration]).Build().Exhaustive(output.WriteLine);

        Assert.True(report.Closed);
        Assert.Equal(states, report.States);
    }

    [Theory]
    [InlineData(Defect.NoMergeByRevision, OneFault, Requirement.Order)]
    [InlineData(Defect.NoEpoch, OneFault, Requirement.Convergence)]
    [InlineData(Defect.CounterInsteadOfTime, OneFault, Requirement.Convergence)]
    [InlineData(Defect.GapIgnored, Overlap, Requirement.Convergence)]
    [InlineData(Defect.NoPositionCheck, OneFault, Requirement.Convergence)]
    [InlineData(Defect.ReadBeforeInterest, FirstCall, Requirement.Convergence)]
    [InlineData(Defect.CursorBeforeFlush, Overlap, Requirement.Cursor)]
    [InlineData(Defect.NoReadThrough, Calls, Requirement.Answer)]
    [InlineData(Defect.EqualRevisionNotAnnounced, OneFault, Requirement.NothingMissed)]
    [InlineData(Defect.CursorWithoutEpoch, OneFault, Requirement.Convergence)]
    [InlineData(Defect.EpochOfThePositionOnly, WritesLost, Requirement.NothingMissed)]
    [InlineData(Defect.EpochComparedWithEpochsOnly, ServersTwice, Requirement.Cursor)]
    [InlineData(Defect.EpochMayGoBack, ClockBehind, Requirement.Convergence)]
    [InlineData(Defect.LostEntryKeepsItsEpoch, DataLost, Requirement.Answer)]
    public void Protocol_WithADefect_BreaksAPromise(Defect defect, string exploration, string requirement)
    {
        new ProtocolSpec(defect, Explorations[exploration]).Build().Exhaustive(out var violation);

        Assert.NotNull(violation);
        Assert.Equal(requirement, violation.Id);
    }
}
