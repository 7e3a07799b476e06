using System.Diagnostics;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>The programs of the solution, as built.</summary>
public sealed class HelpTests
{
    [Theory]
    [InlineData("src/PresenceHub.Server", "--check-health")]
    [InlineData("src/PresenceHub.GraphEmulator", "--root-certificate")]
    [InlineData("tests/PresenceHub.Verification", "minutes")]
    [InlineData("tests/PresenceHub.Benchmarks", "compare")]
    public async Task Program_AskedForHelp_PrintsItAndEndsWith0(string project, string expected)
    {
        foreach (var argument in (string[])["--help", "-h"])
        {
            var (exitCode, output, errors) = await RunAsync(project, argument);

            Assert.Equal((0, string.Empty), (exitCode, errors));
            Assert.Contains("usage:", output, StringComparison.Ordinal);
            Assert.Contains(expected, output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Server_UnknownArgument_IsNamedInOneLine()
    {
        var (exitCode, output, errors) = await RunAsync("src/PresenceHub.Server", "--verbose");

        Assert.Equal((64, string.Empty), (exitCode, output));
        Assert.Equal("Unknown argument '--verbose'. --help shows what the server accepts.\n", errors);
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string project, string argument)
    {
        var assembly = Path.Combine(
            Repository.Root,
            project,
            "bin",
            Repository.Configuration,
            "net10.0",
            $"{Path.GetFileName(project)}.dll"
        );
        Assert.True(File.Exists(assembly), $"Build PresenceHub.sln first: {assembly} does not exist");
        var start = new ProcessStartInfo("dotnet", [assembly, argument])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }
}
