namespace PresenceHub.Server.Hosting;

/// <summary>
/// The arguments of the server: commands, and settings in the form that .NET reads. .NET ignores any other argument;
/// the server refuses it, because it is a mistake.
/// </summary>
internal static class ServerArguments
{
    internal const string Help = """
        PresenceHub: live Microsoft Teams presence for many clients.

        usage: PresenceHub.Server [--NAME VALUE | --NAME=VALUE] ...
          --urls ADDRESS         where to listen, such as http://*:8080; several are separated by semicolons
          --environment NAME     Development simulates Redis and Microsoft Graph; the default is Production
          --SECTION:NAME VALUE   any other setting, such as --Polling:Period 00:00:30; docs/settings.md lists them
          --check-health         asks the running server with the same settings whether it lives: 0 if so, else 1
          --help, -h             shows this text

        Settings also come from appsettings.json, config/presencehub.json and environment variables (Polling__Period).
        """;

    /// <summary>EX_USAGE of sysexits.h.</summary>
    private const int UsageError = 64;

    /// <summary>Settings of .NET and ASP.NET Core that are in no section.</summary>
    private static readonly HashSet<string> TopLevelSettings = new(StringComparer.OrdinalIgnoreCase)
    {
        "AllowedHosts",
        HostDefaults.EnvironmentKey,
        HostDefaults.ContentRootKey,
        HostDefaults.ApplicationKey,
        WebHostDefaults.ServerUrlsKey,
        WebHostDefaults.HttpPortsKey,
        WebHostDefaults.HttpsPortsKey,
        WebHostDefaults.WebRootKey,
        WebHostDefaults.DetailedErrorsKey,
        WebHostDefaults.PreferHostingUrlsKey,
        WebHostDefaults.SuppressStatusMessagesKey,
        WebHostDefaults.ShutdownTimeoutKey,
    };

    /// <summary>Answers <c>--help</c> and refuses an unknown argument. Returns the exit code, or null if the server
    /// starts.</summary>
    public static int? Answer(string[] args)
    {
        if (args.Any(arg => arg is "--help" or "-h"))
        {
            Console.WriteLine(Help);
            return 0;
        }

        if (FindUnknown(args) is { } unknown)
        {
            Console.Error.WriteLine($"Unknown argument '{unknown}'. --help shows what the server accepts.");
            return UsageError;
        }

        return null;
    }

    /// <summary>The first argument that is neither a command nor a setting with its value; null if there is
    /// none.</summary>
    internal static string? FindUnknown(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var argument = args[i];
            if (argument is HealthProbe.Argument)
            {
                continue;
            }

            var separator = argument.IndexOf('=', StringComparison.Ordinal);
            var isSwitch = argument.StartsWith("--", StringComparison.Ordinal) || argument.StartsWith('/');
            var name = (separator < 0 ? argument : argument[..separator]).TrimStart('-', '/');
            if (!IsSetting(name) || (separator < 0 && !(isSwitch && i + 1 < args.Length)))
            {
                return argument;
            }

            i += separator < 0 ? 1 : 0;
        }

        return null;
    }

    private static bool IsSetting(string name) =>
        name.Contains(':', StringComparison.Ordinal) || TopLevelSettings.Contains(name);
}
