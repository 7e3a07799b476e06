using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.InteropServices;
using PresenceHub.Fleet.Members;
using PresenceHub.Fleet.Reporting;
using PresenceHub.Fleet.Runs;
using Spectre.Console;

namespace PresenceHub.Fleet.Commands;

/// <summary>The command that runs a scenario.</summary>
internal static class RunCommand
{
    private const string Lesson = """
        What a run does: it gets tokens, connects at the rate of the ramp, lets every connection watch its people,
        measures for the duration, then waits until every view equals the store. It writes result.json and report.html.

        Exit codes: 0 all is right · 1 a view was wrong or a rule was broken · 2 wrong arguments · 3 not finished ·
        130 Ctrl-C.

        Examples:
          presencehub-fleet run storm --hub http://localhost:5080 --emulator https://localhost:5443 --server-pid 4711
          presencehub-fleet run mine.json --hub http://node1:8080 --hub http://node2:8080 --connections 20000
          presencehub-fleet run chat --hub https://presence.contoso.com --people ids.txt --token-command ./sign-in.sh
        """;

    public static Command Create(TimeProvider time)
    {
        var arguments = new RunArguments();
        var command = new Command("run", "Run a scenario against a hub; presencehub-fleet run --help shows how.");
        arguments.AddTo(command);
        command.Options.Add(new HelpOption { Action = new HelpWithExamples(Lesson) });
        command.SetAction((parsed, _) => RunAsync(arguments, parsed, time));
        return command;
    }

    private static async Task<int> RunAsync(RunArguments arguments, ParseResult parsed, TimeProvider time)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        RunOptions options;
        try
        {
            options = arguments.Read(parsed);
            ResultFiles.Prepare(arguments.Output(parsed));
        }
        catch (FleetException exception)
        {
            await error.WriteLineAsync(exception.Message);
            return ExitCode.Usage;
        }

        using var stop = new RunStop();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Interrupt(stop, context));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Interrupt(stop, context));
        try
        {
            var result = await DisplayedAsync(options, stop, arguments.IsPlain(parsed), output, time);
            var files = await ResultFiles.WriteAsync(result, arguments.Output(parsed));
            foreach (var line in Summary.Lines(result))
            {
                await output.WriteLineAsync(line);
            }

            await output.WriteLineAsync($"written      {files.Json}, {files.Html}");
            return result.Verdict switch
            {
                RunVerdict.Passed => ExitCode.Passed,
                RunVerdict.Failed => ExitCode.Failed,
                RunVerdict.Interrupted => ExitCode.Interrupted,
                _ => ExitCode.Incomplete,
            };
        }
        catch (FleetException exception)
        {
            await error.WriteLineAsync(exception.Message);
            return ExitCode.Incomplete;
        }
        catch (OperationCanceledException) when (stop.IsInterrupted)
        {
            await error.WriteLineAsync("Interrupted before the first connection.");
            return ExitCode.Interrupted;
        }
    }

    // The first Ctrl-C ends the run with what it has; the second ends the process.
    private static void Interrupt(RunStop stop, PosixSignalContext context)
    {
        context.Cancel = !stop.IsInterrupted;
        stop.Interrupt();
    }

    private static async Task<RunResult> DisplayedAsync(
        RunOptions options,
        RunStop stop,
        bool isPlain,
        TextWriter output,
        TimeProvider time
    )
    {
        using var handler = new SocketsHttpHandler();
        if (options.TrustAnyCertificate)
        {
#pragma warning disable CA5359 // Asked for by the user, for a server that makes its own certificate.
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        using var http = new HttpClient(handler);
        if (isPlain || Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive)
        {
            return await new FleetRun(options, http, stop, new PlainDisplay(output), time).RunAsync();
        }

        RunResult? result = null;
        await AnsiConsole
            .Live(new Markup("preparing"))
            .StartAsync(async context =>
                result = await new FleetRun(options, http, stop, new TerminalDisplay(context), time).RunAsync()
            );
        return result!;
    }
}
