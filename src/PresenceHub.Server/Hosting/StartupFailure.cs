using System.Reflection;
using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Hosting;

/// <summary>Reports missing and invalid settings at start in one line, without a stack trace.</summary>
internal static class StartupFailure
{
    /// <summary>EX_CONFIG of sysexits.h.</summary>
    private const int ExitCode = 78;

    private const int MostNamed = 20;

    /// <summary>Checks all settings before anything is built on them.</summary>
    /// <exception cref="OptionsValidationException">Settings are missing or invalid; all of them are named.</exception>
    public static void CheckSettings(this WebApplication app)
    {
        var check = SettingsCheck.Of(app.Configuration);
        if (check.Unknown is { Count: > 0 } unknown)
        {
            app.Logger.UnknownSettings(string.Join(", ", unknown.Take(MostNamed)), unknown.Count);
        }

        if (check.Unused is { Count: > 0 } unused)
        {
            app.Logger.UnusedEmulatorSettings(string.Join(", ", unused.Take(MostNamed)), unused.Count);
        }

        if (RedisConnectionSource.IsContradictory(app.Configuration))
        {
            app.Logger.RedisSettingsDiffer();
        }

        try
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (AggregateException several)
        {
            throw new OptionsValidationException(
                string.Empty,
                typeof(StartupFailure),
                several.InnerExceptions.Cast<OptionsValidationException>().SelectMany(NamesOf)
            );
        }
    }

    /// <summary>Writes the one line, and returns the exit code.</summary>
    public static int Report(OptionsValidationException exception, TextWriter errors)
    {
        errors.WriteLine($"PresenceHub cannot start: {string.Join("; ", NamesOf(exception).Distinct())}");
        return ExitCode;
    }

    /// <summary>Generated validators name only the property; the name of a setting includes its section.</summary>
    private static IEnumerable<string> NamesOf(OptionsValidationException exception)
    {
        var section =
            exception.OptionsType.GetField("SectionName", BindingFlags.Public | BindingFlags.Static)?.GetValue(null)
            as string;
        return exception.Failures.Select(failure =>
            section is null || failure.Contains($"{section}:", StringComparison.Ordinal)
                ? failure
                : $"{section}:{failure}"
        );
    }
}
