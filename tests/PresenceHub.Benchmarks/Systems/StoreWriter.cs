using System.Diagnostics;
using System.Text.Json;

namespace PresenceHub.Benchmarks.Systems;

/// <summary>
/// Applies observations to the hub's store from a process of its own, as a node that leads elsewhere does. It runs the
/// store of the server under test, so that an earlier build is given scripts and messages of its own kind.
/// </summary>
internal sealed class StoreWriter : IAsyncDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly SemaphoreSlim _turn = new(1, 1);

    private StoreWriter(Process process) => _process = process;

    public static async Task<StoreWriter> StartAsync(string serverAssembly, string redis)
    {
        var process = Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [typeof(StoreWriter).Assembly.Location, StoreWriterProgram.Mode, serverAssembly, redis]
            )
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        var writer = new StoreWriter(process);
        await writer.ReadAnswerAsync();
        return writer;
    }

    /// <summary>Applies the batch with one call of the store, and waits for its end.</summary>
    public async Task ApplyAsync(IReadOnlyList<WrittenPresence> batch)
    {
        await _turn.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(batch));
            await _process.StandardInput.FlushAsync();
            await ReadAnswerAsync();
        }
        finally
        {
            _turn.Release();
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
        _turn.Dispose();
    }

    private async Task ReadAnswerAsync()
    {
        if (await _process.StandardOutput.ReadLineAsync().WaitAsync(AnswerTimeout) != StoreWriterProgram.Done)
        {
            throw new InvalidOperationException(
                "The process that writes to the store has ended; its error output says why"
            );
        }
    }
}
