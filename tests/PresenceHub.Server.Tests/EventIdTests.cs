using System.Reflection;
using Microsoft.Extensions.Logging;

namespace PresenceHub.Server.Tests;

/// <summary>An operator finds a log line by its event id, whichever part of the product has written it.</summary>
public sealed class EventIdTests
{
    private const int RangeSize = 1000;

    /// <summary>The first id of each folder or project.</summary>
    private static readonly Dictionary<string, int> Ranges = new()
    {
        ["PresenceHub.Server.Ingest"] = 1000,
        ["PresenceHub.Server.Store"] = 2000,
        ["PresenceHub.Server.WatchLists"] = 3000,
        ["PresenceHub.Server.Fanout"] = 4000,
        ["PresenceHub.Server.Hubs"] = 5000,
        ["PresenceHub.GraphEmulator"] = 6000,
        ["PresenceHub.Server.Hosting"] = 7000,
        ["PresenceHub.Server.Control"] = 8000,
        ["PresenceHub.Client"] = 9000,
        ["PresenceHub.Fleet"] = 10_000,
        ["PresenceHub.Server.People"] = 11_000,
    };

    private static readonly Assembly[] Assemblies =
    [
        typeof(PresenceHub.Server.Control.RedisNames).Assembly,
        typeof(GraphEmulator.GraphEmulatorOptions).Assembly,
        typeof(Client.PresenceHubException).Assembly,
        Assembly.Load("presencehub-fleet"),
    ];

    [Fact]
    public void EventIds_OfAllProjects_AreUnique() =>
        Assert.Equal([], Events().GroupBy(message => message.Id).Where(same => same.Count() > 1).Select(Describe));

    [Fact]
    public void EventNames_OfAllProjects_HaveOneIdEach() =>
        Assert.Equal(
            [],
            Events()
                .GroupBy(message => message.Name)
                .Where(same => same.DistinctBy(message => message.Id).Count() > 1)
                .Select(Describe)
        );

    [Fact]
    public void EventIds_AreExplicitAndInTheRangeOfTheirFolder()
    {
        var events = Events();

        Assert.True(events.Length > 50);
        Assert.Equal([], events.Where(message => !IsInRange(message)).Select(message => message.ToString()));
    }

    private static bool IsInRange(Event message) =>
        Ranges.SingleOrDefault(range =>
            message.Namespace == range.Key || message.Namespace.StartsWith($"{range.Key}.", StringComparison.Ordinal)
        )
            is { Key: not null, Value: var first }
        && message.Id > first
        && message.Id < first + RangeSize;

    private static Event[] Events() =>
        [
            .. from assembly in Assemblies
            from type in assembly.GetTypes()
            from method in type.GetMethods(
                BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
            )
            let message = method.GetCustomAttribute<LoggerMessageAttribute>()
            where message is not null
            select new Event(type.Namespace ?? string.Empty, message.EventId, message.EventName ?? method.Name),
        ];

    private static string Describe(IEnumerable<Event> events) => string.Join(" and ", events);

    private sealed record Event(string Namespace, int Id, string Name);
}
