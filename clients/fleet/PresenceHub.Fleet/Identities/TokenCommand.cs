using System.Diagnostics;
using System.Globalization;

namespace PresenceHub.Fleet.Identities;

/// <summary>
/// A shell command that prints a token. It gets the number of the identity in <c>FLEET_IDENTITY</c>, so that it can
/// sign in different users; a command that ignores it gives all connections the same watcher.
/// </summary>
internal sealed class TokenCommand(string command) : ITokenSource
{
    private const int LongestShownError = 200;

    public int? Count => null;

    public async Task<string> GetAsync(int identity, CancellationToken cancellationToken)
    {
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd.exe", ["/c", command])
            : new ProcessStartInfo("/bin/sh", ["-c", command]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment["FLEET_IDENTITY"] = identity.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)
            ?? throw new FleetException($"The token command '{command}' did not start.");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            var token = (await output).Trim();
            return process.ExitCode is 0 && token.Length > 0
                ? token
                : throw new FleetException(
                    $"The token command '{command}' ended with {process.ExitCode} and printed no "
                        + $"token{Shown(await errors)}: run it by hand to see why."
                );
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static string Shown(string errors)
    {
        var line = errors.Trim().ReplaceLineEndings(" ");
        return line.Length is 0 ? string.Empty : $" ({line[..Math.Min(line.Length, LongestShownError)]})";
    }
}
