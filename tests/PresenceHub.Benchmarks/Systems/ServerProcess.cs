using System.Diagnostics;
using System.Globalization;

namespace PresenceHub.Benchmarks.Systems;

/// <summary>A peer's server process, pinned to the servers' core.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(50);

    private const int KeptLines = 50;

    private readonly Process _process;
    private readonly Queue<string> _lines = new();

    private ServerProcess(Process process, Uri address)
    {
        (_process, Address) = (process, address);
        Http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = address };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public int ProcessId => _process.Id;

    public static async Task<ServerProcess> StartAsync(
        Uri address,
        IReadOnlyList<string> command,
        IReadOnlyDictionary<string, string> environment
    )
    {
        var start = new ProcessStartInfo(
            "taskset",
            ["-c", Cores.Server.ToString(CultureInfo.InvariantCulture), .. command]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var server = new ServerProcess(Process.Start(start)!, address);
        try
        {
            await server.WaitUntilReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Http.Dispose();
    }

    private async Task WaitUntilReadyAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (!_process.HasExited && Stopwatch.GetElapsedTime(started) < StartTimeout)
        {
            try
            {
                using var response = await Http.GetAsync("/health/ready");
                response.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(Retry, TimeProvider.System);
            }
        }

        throw new InvalidOperationException($"A peer did not start:\n{Output()}");
    }

    // Only the last lines are kept: they say why a process ended.
    private void Keep(string? line)
    {
        lock (_lines)
        {
            _lines.Enqueue(line ?? string.Empty);
            if (_lines.Count > KeptLines)
            {
                _lines.Dequeue();
            }
        }
    }

    private string Output()
    {
        lock (_lines)
        {
            return string.Join('\n', _lines);
        }
    }
}
