using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PresenceHub.Server.Hosting;

namespace PresenceHub.Testing;

/// <summary>
/// The server inside the process of the tests, on a port of its own. Its code is compiled once for all tests, whereas a
/// process of its own spends most of its first seconds on that.
/// </summary>
internal sealed class InProcessHub : IHubRun
{
    private readonly CancellationTokenSource _stop = new();

    /// <param name="settings">Environment variables, as for a process.</param>
    /// <param name="contentRoot">The directory of the server's files.</param>
    /// <param name="onLine">Receives each line that the server logs, and the reason why it cannot start.</param>
    public InProcessHub(IReadOnlyDictionary<string, string> settings, string contentRoot, Action<string> onLine)
    {
        string[] args = [$"--contentRoot={contentRoot}", .. settings.Select(ArgumentOf)];
        Exited = Task.Run(async () =>
        {
            await using var errors = new StringWriter();
            var exitCode = await HubApplication.RunAsync(args, LogTo(onLine), errors, _stop.Token);
            foreach (var line in errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                onLine(line);
            }

            return exitCode;
        });
    }

    public Task<int> Exited { get; }

    /// <summary>Stops the server without a drain: signals belong to the process.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Exited;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private static Action<WebApplicationBuilder> LogTo(Action<string> onLine) =>
        builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<ILoggerProvider>(_ => new LineLoggerProvider(onLine));
        };

    private static string ArgumentOf(KeyValuePair<string, string> setting) =>
        setting.Key switch
        {
            "ASPNETCORE_ENVIRONMENT" => $"--environment={setting.Value}",
            "ASPNETCORE_CONTENTROOT" => $"--contentRoot={setting.Value}",
            "ASPNETCORE_URLS" => $"--urls={setting.Value}",
            var name => $"--{name.Replace("__", ":", StringComparison.Ordinal)}={setting.Value}",
        };
}
