using System.Diagnostics;
using System.Globalization;
using PresenceHub.Testing;
using PresenceHub.Verification.Invariants;

namespace PresenceHub.Verification.Soak;

/// <summary>A place for a node: a server process that can be killed, drained, frozen and started again.</summary>
internal sealed class SoakNode(string name, IReadOnlyDictionary<string, string> settings, RunLog log) : IAsyncDisposable
{
    private const int StartAttempts = 3;

    private volatile HubServer? _server;
    private volatile bool _isGoing;

    public string Name { get; } = name;

    public HubServer? Server => _server;

    /// <summary>Whether a balancer that asks for its health would send it new connections.</summary>
    public bool IsInService => _server is not null && !_isGoing;

    /// <summary>How long a drain took at most, from the signal to the end of the process.</summary>
    public TimeSpan SlowestDrain { get; private set; }

    public async Task StartAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                _server = await HubServer.StartAsync(settings, onLine: Read);
                _isGoing = false;
                return;
            }
            catch (InvalidOperationException) when (attempt < StartAttempts)
            {
                // Its port was taken between the look for a free one and the start.
            }
        }
    }

    public async Task KillAsync()
    {
        var server = _server!;
        _server = null;
        await server.DisposeAsync();
    }

    public async Task DrainAsync()
    {
        var server = _server!;
        var began = log.Now;
        _isGoing = true;
        var exitCode = await server.StopAsync();
        SlowestDrain = SlowestDrain > log.Now - began ? SlowestDrain : log.Now - began;
        _server = null;
        await server.DisposeAsync();
        if (exitCode is not 0)
        {
            throw new InvalidOperationException(
                $"{Name} was asked to end and ended with {exitCode}:\n{string.Join('\n', server.Output)}"
            );
        }
    }

    public Task FreezeAsync() => SignalAsync("-STOP");

    public Task ThawAsync() => SignalAsync("-CONT");

    /// <summary>Zero while it is away.</summary>
    public async Task<double> ResidentMegabytesAsync()
    {
        try
        {
            var line = _server is { } server
                ? (await File.ReadAllLinesAsync($"/proc/{server.ProcessId}/status")).FirstOrDefault(line =>
                    line.StartsWith("VmRSS:", StringComparison.Ordinal)
                )
                : null;
            return line is null
                ? 0
                : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)
                    / 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            await ThawAsync();
            await server.DisposeAsync();
        }
    }

    private void Read(string line)
    {
        if (line.Contains("cannot be followed", StringComparison.Ordinal))
        {
            log.Add(at => new HubEvent.NodeUnsure(at, Name));
        }
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _server!.ProcessId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
