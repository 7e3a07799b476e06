using System.Diagnostics;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.TypeScript;

/// <summary>The functional tests of the npm package, run by Node against servers of a test.</summary>
internal static class TypeScriptPackage
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    /// <param name="server">Issues tokens, and is the hub unless the settings name a proxy.</param>
    /// <param name="emulator">Graph of that server.</param>
    /// <param name="settings">Environment variables that turn tests on.</param>
    /// <param name="files">The files to run, by a part of their names; none means all.</param>
    public static async Task RunAsync(
        HubServer server,
        EmulatorControl emulator,
        IReadOnlyDictionary<string, string> settings,
        params string[] files
    )
    {
        var root = Path.GetTempFileName();
        await File.WriteAllTextAsync(root, await emulator.RootCertificateAsync());
        var start = new ProcessStartInfo("npm", ["run", "--silent", "test:functional", "--", .. files])
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
        var output = npm.StandardOutput.ReadToEndAsync(timeout.Token);
        var errors = npm.StandardError.ReadToEndAsync(timeout.Token);
        await npm.WaitForExitAsync(timeout.Token);
        File.Delete(root);

        Assert.True(npm.ExitCode is 0, await output + await errors);
    }
}
