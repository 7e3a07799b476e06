using System.Diagnostics;

namespace PresenceHub.FunctionalTests.Packages;

/// <summary>Runs the SDK as a developer does.</summary>
internal static class Dotnet
{
    /// <summary>Runs a command to its end. Fails with its output unless it succeeds.</summary>
    public static async Task RunAsync(string folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode is 0, $"dotnet {string.Join(' ', arguments)}: {output}");
    }

    /// <summary>Starts a program. It runs on a newer .NET where its own is not installed.</summary>
    public static Process Start(
        string folder,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_ROLL_FORWARD"] = "Major";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
