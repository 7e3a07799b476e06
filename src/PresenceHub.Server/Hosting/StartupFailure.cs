using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Hosting;

/// <summary>A setting that is missing or wrong ends the start with one line that names it, not with a stack trace.</summary>
internal static class StartupFailure
{
    private const int ExitCode = 78;

    /// <summary>Exit code 78 is EX_CONFIG of sysexits.h.</summary>
    public static int Report(OptionsValidationException exception)
    {
        Console.Error.WriteLine($"PresenceHub cannot start: {string.Join("; ", exception.Failures.Distinct())}");
        return ExitCode;
    }
}
