namespace PresenceHub.Server.Hosting;

/// <summary>
/// The sources of the settings: those of every ASP.NET Core application, and a file that is watched while the server
/// runs.
/// </summary>
internal static class HubSettings
{
    // In a directory of its own, which can be mounted as a whole: a mount of a single file does not notice that the
    // file is replaced.
    private const string File = "config/presencehub.json";

    private const string WithoutReload = "--hostBuilder:reloadConfigOnChange=false";

    /// <summary>Every .NET file watcher reads this variable when it is created.</summary>
    private const string PollingVariable = "DOTNET_USE_POLLING_FILE_WATCHER";

    /// <summary>
    /// A builder whose settings files are watched. Without inotify they are polled, and a warning is logged.
    /// </summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        string? reason;
        try
        {
            var watching = Create(args);
            reason = FindProblem(watching.Environment.ContentRootPath);
            if (reason is null)
            {
                return watching;
            }

            ((IDisposable)watching.Configuration).Dispose();
        }
        catch (IOException exception)
        {
            reason = exception.Message;
        }

        Environment.SetEnvironmentVariable(PollingVariable, "1");
        var builder = Create(args);
        builder.Services.AddHostedService(provider => new PollingNotice(
            reason,
            provider.GetRequiredService<ILogger<PollingNotice>>()
        ));
        return builder;
    }

    /// <summary>The same settings, read once.</summary>
    public static IConfiguration Read(string[] args)
    {
        var configuration = WebApplication.CreateBuilder([.. args, WithoutReload]).Configuration;
        configuration.AddJsonFile(File, optional: true, reloadOnChange: false);
        return configuration;
    }

    private static WebApplicationBuilder Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Configuration.AddJsonFile(File, optional: true, reloadOnChange: true);
        return builder;
    }

    /// <summary>
    /// The reason why changes below the directory would not be noticed; null if there is none. All processes of a user
    /// share the limits of inotify: without an instance the watcher throws, without watches it only raises an event,
    /// which the configuration ignores.
    /// </summary>
    private static string? FindProblem(string directory)
    {
        if (Environment.GetEnvironmentVariable(PollingVariable) is { Length: > 0 })
        {
            return null;
        }

        string? problem = null;
        using var watcher = new FileSystemWatcher(directory) { IncludeSubdirectories = true };
        watcher.Error += (_, error) => problem = error.GetException().Message;
        watcher.EnableRaisingEvents = true;
        return problem;
    }
}
