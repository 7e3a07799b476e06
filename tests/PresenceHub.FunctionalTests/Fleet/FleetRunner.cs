using PresenceHub.Fleet.Members;
using PresenceHub.Fleet.Reporting;
using PresenceHub.Fleet.Runs;
using PresenceHub.Fleet.Scenarios;

namespace PresenceHub.FunctionalTests.Fleet;

/// <summary>Runs the fleet tool inside the test, and keeps what it says.</summary>
internal sealed class FleetRunner : IRunDisplay, IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new(new SocketsHttpHandler());
    private readonly RunStop _stop = new();
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static Scenario Small { get; } =
        new()
        {
            Name = "test",
            Connections = 10,
            Canaries = 0,
            Ramp = new RampPlan { PerSecond = 0 },
            Watch = new WatchPlan { Subjects = 5 },
            Duration = TimeSpan.FromMilliseconds(300),
            Settle = TimeSpan.FromSeconds(30),
        };

    public async Task<RunResult> RunAsync(RunOptions options) =>
        await new FleetRun(options, _http, _stop, this, TimeProvider.System).RunAsync();

    /// <summary>Every connection of the run is live.</summary>
    public Task UntilConnectedAsync() => _connected.Task.WaitAsync(ConnectTimeout);

    public void Interrupt() => _stop.Interrupt();

    public void Show(RunStatus status) { }

    public void Note(string line)
    {
        if (line.StartsWith("All connected", StringComparison.Ordinal))
        {
            _connected.TrySetResult();
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _http.Dispose();
    }
}
