using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace PresenceHub.Testing;

/// <summary>
/// The server as its operator starts it: a process of its own, with settings from the environment. A test that neither
/// kills it nor looks at its process or console starts it in the process of the tests, which costs a tenth.
/// </summary>
internal sealed class HubServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly IHubRun _run;
    private readonly Signals<string> _output;

    private HubServer(IHubRun run, Signals<string> output, IReadOnlyDictionary<string, string> settings)
    {
        (_run, _output) = (run, output);
        Address = new Uri(settings["ASPNETCORE_URLS"]);
        var emulatorPort = int.Parse(settings["Emulator__Port"], CultureInfo.InvariantCulture);
        Emulator = new EmulatorControl(new UriBuilder(Uri.UriSchemeHttps, "localhost", emulatorPort).Uri);
        Http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public EmulatorControl Emulator { get; }

    public IReadOnlyList<string> Output => _output.All;

    public int ProcessId => OwnProcess.Id;

    private HubProcess OwnProcess =>
        _run as HubProcess ?? throw new InvalidOperationException("This server has no process of its own");

    public static string Assembly =>
        Path.Combine(
            Repository.Root,
            "src",
            "PresenceHub.Server",
            "bin",
            Repository.Configuration,
            "net10.0",
            "PresenceHub.Server.dll"
        );

    private static string ContentRoot => Path.GetDirectoryName(Assembly)!;

    /// <summary>Starts the server in a process of its own, in Development, and waits until it is ready, or at least
    /// answers.</summary>
    /// <param name="settings">Environment variables, over those for Development.</param>
    /// <param name="untilReady">Whether to wait for readiness; otherwise until the server answers.</param>
    /// <param name="assembly">The server's assembly; null takes the one of this build.</param>
    /// <param name="onLine">Receives each line the server writes.</param>
    /// <param name="core">The only processor core that the server may use; null allows all.</param>
    /// <param name="withoutInotify">What inotify has none left of: <c>instances</c> or <c>watches</c>; null when it
    /// works.</param>
    public static async Task<HubServer> StartAsync(
        IReadOnlyDictionary<string, string>? settings = null,
        bool untilReady = true,
        string? assembly = null,
        Action<string>? onLine = null,
        int? core = null,
        string? withoutInotify = null
    )
    {
        var all = WithDefaults(settings);
        var output = new Signals<string>();
        var process = new HubProcess(assembly ?? Assembly, all, Receive, core, withoutInotify);
        var server = new HubServer(process, output, all);
        await server.WaitForHealthAsync(untilReady ? "/health/ready" : "/health/live");
        return server;

        void Receive(string line)
        {
            output.Add(line);
            onLine?.Invoke(line);
        }
    }

    /// <summary>Starts the server in the process of the tests, in Development, and waits until it is ready, or at least
    /// answers. Without a Redis among the settings it uses one that it shares with other servers.</summary>
    /// <param name="settings">Environment variables, as for a process of its own.</param>
    /// <param name="untilReady">Whether to wait for readiness; otherwise until the server answers.</param>
    public static async Task<HubServer> StartInProcessAsync(
        IReadOnlyDictionary<string, string>? settings = null,
        bool untilReady = true
    )
    {
        var all = WithDefaults(settings);
        if (!all.ContainsKey("Redis__ConnectionString"))
        {
            foreach (var (name, value) in await SharedRedis.CreateSettingsAsync())
            {
                all[name] = value;
            }
        }

        var output = new Signals<string>();
        var server = new HubServer(new InProcessHub(all, ContentRoot, output.Add), output, all);
        await server.WaitForHealthAsync(untilReady ? "/health/ready" : "/health/live");
        return server;
    }

    /// <summary>Runs the server in a process of its own until it ends by itself, and returns its exit code and
    /// output.</summary>
    /// <param name="settings">Environment variables.</param>
    /// <param name="assembly">The server's assembly; null takes the one of this build.</param>
    public static async Task<(int ExitCode, string Output)> RunToEndAsync(
        IReadOnlyDictionary<string, string> settings,
        string? assembly = null
    )
    {
        var output = new Signals<string>();
        await using var process = new HubProcess(assembly ?? Assembly, settings, output.Add);
        return await EndAsync(process, output);
    }

    /// <summary>As <see cref="RunToEndAsync"/>, in the process of the tests.</summary>
    /// <param name="settings">Environment variables, as for a process of its own.</param>
    public static async Task<(int ExitCode, string Output)> RunToEndInProcessAsync(
        IReadOnlyDictionary<string, string> settings
    )
    {
        var output = new Signals<string>();
        await using var hub = new InProcessHub(settings, ContentRoot, output.Add);
        return await EndAsync(hub, output);
    }

    public async Task<(string AccessToken, string WatcherId)> SignInAsync(string? watcherId = null)
    {
        using var response = await Http.PostAsJsonAsync(
            "/dev/token",
            new { watcherId = watcherId ?? Guid.NewGuid().ToString() }
        );
        response.EnsureSuccessStatusCode();
        var token = await response.Content.ReadFromJsonAsync<JsonElement>();
        return (token.GetProperty("accessToken").GetString()!, token.GetProperty("watcherId").GetString()!);
    }

    public async Task<string[]> PeopleAsync() =>
        [
            .. (await Http.GetFromJsonAsync<JsonElement>("/dev/people"))
                .EnumerateArray()
                .Select(person => person.GetProperty("id").GetString()!),
        ];

    public async Task WaitForHealthAsync(string path, bool healthy = true)
    {
        using var timeout = new CancellationTokenSource(StartTimeout);
        while (true)
        {
            if (_run.Exited.IsCompleted)
            {
                throw new InvalidOperationException(
                    $"The server ended with {await _run.Exited}:\n{string.Join('\n', Output)}"
                );
            }

            try
            {
                using var response = await Http.GetAsync(path, timeout.Token);
                if (response.IsSuccessStatusCode == healthy)
                {
                    return;
                }
            }
            catch (HttpRequestException) { }
            catch (OperationCanceledException) when (timeout.IsCancellationRequested)
            {
                throw new TimeoutException(
                    $"{path} did not become {(healthy ? "healthy" : "unhealthy")}:\n{string.Join('\n', Output)}"
                );
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    public Task<string> OutputLineAsync(string part) =>
        _output.FirstAsync(line => line.Contains(part, StringComparison.Ordinal));

    public Task KillAsync() => OwnProcess.KillAsync();

    /// <summary>Asks the server to end, and returns its exit code. In a process of its own it drains first.</summary>
    public async Task<int> StopAsync()
    {
        await _run.StopAsync();
        return await _run.Exited;
    }

    public async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync();
        Http.Dispose();
        Emulator.Dispose();
    }

    private static async Task<(int ExitCode, string Output)> EndAsync(IHubRun run, Signals<string> output)
    {
        try
        {
            var exitCode = await run.Exited.WaitAsync(StartTimeout);
            return (exitCode, string.Join('\n', output.All));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The server went on running:\n{string.Join('\n', output.All)}");
        }
    }

    private static Dictionary<string, string> WithDefaults(IReadOnlyDictionary<string, string>? settings)
    {
        var all = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Take()}"),
            ["Emulator__Port"] = FreePorts.Take().ToString(CultureInfo.InvariantCulture),
            ["Emulator__ChangePeriod"] = "00:00:00",
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            all[name] = value;
        }

        return all;
    }
}
