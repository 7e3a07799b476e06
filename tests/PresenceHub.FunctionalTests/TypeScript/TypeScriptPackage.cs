using System.Diagnostics;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.TypeScript;

/// <summary>The functional tests of the npm package, run by Node against servers of a test.</summary>
internal static class TypeScriptPackage
{
    /// <summary>For a hung run: the longest takes about a minute and a half on a busy machine.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(6);

    private static readonly TimeSpan AfterKill = TimeSpan.FromSeconds(10);

    /// <param name="server">Issues tokens, and is the hub unless the settings name a proxy.</param>
    /// <param name="emulator">Graph of that server.</param>
    /// <param name="settings">Environment variables that turn tests on.</param>
    /// <param name="files">The files to run, by their names without the ending.</param>
    public static async Task RunAsync(
        HubServer server,
        EmulatorControl emulator,
        IReadOnlyDictionary<string, string> settings,
        params string[] files
    )
    {
        var root = Path.GetTempFileName();
        await File.WriteAllTextAsync(root, await emulator.RootCertificateAsync());
        var start = new ProcessStartInfo("npm", ["run", "--silent", "test:functional", "--", .. files.Select(PathOf)])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "clients", "typescript"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PRESENCEHUB_URL"] = server.Address.ToString().TrimEnd('/');
        start.Environment["EMULATOR_URL"] = emulator.Address.ToString().TrimEnd('/');
        start.Environment["EMULATOR_ROOT_PEM"] = root;
        start.Environment["PRESENCEHUB_ASSEMBLY"] = HubServer.Assembly;
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var npm = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(Timeout);
        var output = npm.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = npm.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await npm.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            npm.Kill(entireProcessTree: true);

            // A process whose parent has ended survives, and keeps the pipes open.
            var printed = Task.WhenAll(output, errors);
            await Task.WhenAny(printed, Task.Delay(AfterKill, TimeProvider.System, CancellationToken.None));
            var text = printed.IsCompletedSuccessfully ? string.Concat(await printed) : "(its pipes are still open)";
            Assert.Fail($"npm did not end within {Timeout}. It printed:\n{text}");
        }
        finally
        {
            File.Delete(root);
        }

        Assert.True(npm.ExitCode is 0, await output + await errors);
    }

    /// <summary>Vitest runs each file whose path contains the text.</summary>
    private static string PathOf(string file) => $"functional/{file}.test.ts";
}
