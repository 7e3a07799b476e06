using System.Diagnostics;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>The server's own health check, as an orchestrator runs it beside the server.</summary>
internal static class HealthCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <returns>The exit code: 0 when the server lives.</returns>
    public static async Task<int> RunAsync(string variable, string value, string? assembly = null)
    {
        var start = new ProcessStartInfo("dotnet", [assembly ?? HubServer.Assembly, "--check-health"])
        {
            RedirectStandardOutput = true,
        };
        start.WorkingDirectory = Path.GetDirectoryName(HubServer.Assembly)!;
        start.Environment[variable] = value;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync().WaitAsync(Timeout);
        return process.ExitCode;
    }
}
