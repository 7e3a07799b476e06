using System.Runtime.InteropServices;
using PresenceHub.GraphEmulator.Hosting;

namespace PresenceHub.GraphEmulator;

/// <summary>
/// The emulator as a separate program. Not a top-level program: its public class would collide with the server's.
/// </summary>
internal static class EmulatorProgram
{
    private static async Task<int> Main(string[] args)
    {
        if (args.Any(arg => arg is "--help" or "-h"))
        {
            await Console.Out.WriteLineAsync(StandAlone.Help);
            return 0;
        }

        var options = StandAlone.ReadOptions(args);
        if (StandAlone.Refusal(options, StandAlone.EnvironmentName()) is { } refusal)
        {
            await Console.Error.WriteLineAsync(refusal);
            return 1;
        }

        using var loggers = LoggerFactory.Create(logging =>
            logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning)
        );
        await using var server = await GraphEmulatorServer.StartAsync(
            options,
            TimeProvider.System,
            loggers,
            CancellationToken.None
        );
        if (options.RootCertificatePath is { } path)
        {
            await File.WriteAllTextAsync(path, server.RootCertificatePem);
        }

        await Console.Out.WriteLineAsync(StandAlone.Describe(server, options));
        var stopped = new TaskCompletionSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await stopped.Task;
        return 0;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopped.TrySetResult();
        }
    }
}
