using PresenceHub.Fleet.Members;
using PresenceHub.Fleet.Reporting;
using PresenceHub.Fleet.Runs;
using PresenceHub.Fleet.Scenarios;

namespace PresenceHub.FunctionalTests.Fleet;

/// <summary>Runs the fleet tool inside the test, and keeps what it says.</summary>
internal sealed class FleetRunner : IRunDisplay, IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler());
    private readonly RunStop _stop = new();

    public static Scenario Small { get; } = new()
    {
        Name = "test",
        Connections = 10,
        Canaries = 0,
        Ramp = new RampPlan { PerSecond = 0 },
        Watch = new WatchPlan { Subjects = 5 },
        Duration = TimeSpan.FromMilliseconds(300),
        Settle = TimeSpan.FromSeconds(1),
    };

    public async Task<RunResult> RunAsync(RunOptions options) => await new FleetRun(options, _http, _stop, this, TimeProvider.System).RunAsync();

    public void Interrupt() => _stop.Interrupt();

    public void Show(RunStatus status)
    {
    }

    public void Note(string line)
    {
    }

    public void Dispose()
    {
        _stop.Dispose();
        _http.Dispose();
    }
}
