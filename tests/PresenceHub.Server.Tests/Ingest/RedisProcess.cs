using System.Diagnostics;
using System.Globalization;
using PresenceHub.Testing;

namespace PresenceHub.Server.Tests.Ingest;

/// <summary>A Redis server of its own on a free loopback port, without persistence.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private Process _process;

    private RedisProcess(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    public static async Task<RedisProcess> StartAsync()
    {
        var port = FreePorts.Take();
        return new RedisProcess(await StartAsync(port), port);
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Starts it again on the same port, empty.</summary>
    public async Task RestartAsync() => _process = await StartAsync(Port);

    public async ValueTask DisposeAsync() => await KillAsync();

    private static async Task<Process> StartAsync(int port)
    {
        var start = new ProcessStartInfo(
            "redis-server",
            [
                "--port",
                port.ToString(CultureInfo.InvariantCulture),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
            ]
        )
        {
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, output) =>
        {
            if (output.Data is null)
            {
                ready.TrySetException(new InvalidOperationException("redis-server did not start"));
            }
            else if (output.Data.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }
        };
        process.BeginOutputReadLine();
        await ready.Task;
        return process;
    }
}
