using System.Collections.Concurrent;
using PresenceHub.Testing;
using PresenceHub.Verification.Invariants;

namespace PresenceHub.Verification.Soak;

/// <summary>Changes people's presence in Graph, each time to something the person was not for a long time, so that a
/// state tells when it was written.</summary>
internal sealed class Script(EmulatorControl emulator, IReadOnlyList<string> people, Random random, RunLog log)
{
    /// <summary>The emulator keeps a limited number of different states.</summary>
    private const int States = 180;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(60);

    private static readonly string[] Availabilities =
    [
        "Available",
        "Busy",
        "DoNotDisturb",
        "Away",
        "BeRightBack",
        "Offline",
    ];

    private readonly ConcurrentDictionary<string, (string Availability, string Activity)> _current = [];
    private readonly Dictionary<string, int> _changes = [];

    public (string Availability, string Activity) Of(string id) => _current[id];

    /// <summary>Takes note of how everybody is at first.</summary>
    public async Task BeginAsync()
    {
        foreach (var (id, availability, activity) in await emulator.PresencesAsync())
        {
            Note(id, availability, activity);
        }
    }

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await ChangeAsync();
                await Task.Delay(Pause * (2 * random.NextDouble()), TimeProvider.System, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    public async Task ChangeAsync()
    {
        var id = people[random.Next(people.Count)];
        var state = _changes[id] = (_changes.GetValueOrDefault(id) + 1) % States;
        var (availability, activity) = (Availabilities[state % Availabilities.Length], $"Script{Letters(state)}");
        Note(id, availability, activity);
        await emulator.SetPresenceAsync(id, availability, activity);
    }

    private void Note(string id, string availability, string activity)
    {
        log.Add(at => new HubEvent.Wrote(at, id, availability, activity));
        _current[id] = (availability, activity);
    }

    // The emulator takes letters only, as Graph's tokens are.
    private static string Letters(int number) =>
        (number >= 26 ? Letters((number / 26) - 1) : string.Empty) + (char)('A' + (number % 26));
}
