using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PresenceHub.Server.Hosting;

namespace PresenceHub.Testing;

/// <summary>
/// The server inside the process of the tests, on a port of its own. Its code is compiled once for all tests, whereas a
/// process of its own spends most of its first seconds on that. Meters belong to the process: a test of <c>/metrics</c>
/// needs a process for its server.
/// </summary>
internal sealed class InProcessHub : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <param name="settings">Environment variables, as for a process.</param>
    /// <param name="contentRoot">The directory of the server's files.</param>
    /// <param name="onLine">Receives each line that the server logs.</param>
    public InProcessHub(IReadOnlyDictionary<string, string> settings, string contentRoot, Action<string> onLine)
    {
        string[] args = [$"--contentRoot={contentRoot}", .. settings.Select(ArgumentOf)];
        Exited = Task.Run(() => HubApplication.RunAsync(args, LogTo(onLine), _stop.Token));
    }

    /// <summary>Completes with the exit code.</summary>
    public Task<int> Exited { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Exited;
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
