using System.Diagnostics;

namespace PresenceHub.FunctionalTests.Packages;

/// <summary>Runs the SDK as a developer does.</summary>
internal static class Dotnet
{
    /// <summary>For a hung command: the longest takes about two minutes on a busy machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Two builds of one project at once write the same files.</summary>
    private static readonly SemaphoreSlim OneBuild = new(1);

    /// <summary>Runs a command to its end, one at a time. Fails with its output unless it succeeds.</summary>
    public static async Task RunAsync(string folder, params string[] arguments)
    {
        await OneBuild.WaitAsync();
        try
        {
            await RunAloneAsync(folder, arguments);
        }
        finally
        {
            OneBuild.Release();
        }
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

    private static async Task RunAloneAsync(string folder, string[] arguments)
    {
        using var process = Start(folder, arguments);
        using var timeout = new CancellationTokenSource(Limit);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            Assert.True(process.ExitCode is 0, $"dotnet {string.Join(' ', arguments)}: {output}");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
