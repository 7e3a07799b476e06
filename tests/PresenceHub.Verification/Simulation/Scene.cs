using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Store;

namespace PresenceHub.Verification.Simulation;

/// <summary>What all parts of one simulation share.</summary>
/// <param name="Random">Decides everything that is left open.</param>
/// <param name="Trace">Records all that happens; null when it is not needed.</param>
internal sealed record Scene(Random Random, Flaw Flaw, List<string>? Trace)
{
    public static readonly SubjectId[] Subjects =
    [
        .. Enumerable.Range(1, 4).Select(number => new SubjectId(new Guid(number, 0, 0, new byte[8]))),
    ];

    public FakeTimeProvider Time { get; } = new();

    public StoreOptions Options { get; } = new() { Partitions = 2, StaleAfter = TimeSpan.FromSeconds(60) };

    /// <summary>How far the clocks of successive servers may be from each other.</summary>
    public TimeSpan ClockSpread { get; } = Random.Next(4) is 0 ? TimeSpan.FromMinutes(10) : TimeSpan.FromSeconds(2);

    /// <summary>Whether each partition has a server of its own.</summary>
    public bool IsCluster { get; } = Random.Next(3) is 0;

    /// <summary>As far may nodes' ideas of the store's time be from each other and from the server's, and a bit
    /// more.</summary>
    public TimeSpan ClockTolerance => (4 * ClockSpread) + TimeSpan.FromSeconds(2);

    public TimeSpan RandomClockOffset() => ClockSpread * ((2 * Random.NextDouble()) - 1);

    /// <summary>Promises that were broken.</summary>
    public List<string> Violations { get; } = [];

    public static string Text(SubjectId subject) => subject.ToString()[..8];

    public static string Text(PresenceEntry entry) =>
        $"{entry.Id[..8]} {entry.Availability} {entry.Freshness} ({entry.Epoch}, {entry.Revision})";
}
