using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace PresenceHub.Testing;

/// <summary>
/// The server as its operator starts it: a process of its own, with settings from the environment. A test that neither
/// kills it nor looks at its process, console or metrics starts it in the process of the tests, which costs a tenth.
/// </summary>
internal sealed class HubServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(40);

    private readonly Process? _process;
    private readonly InProcessHub? _inProcess;
    private readonly Signals<string> _output = new();
    private readonly Action<string>? _onLine;

    private HubServer(Dictionary<string, string> settings, Action<string>? onLine)
    {
        Address = new Uri(settings["ASPNETCORE_URLS"]);
        var emulatorPort = int.Parse(settings["Emulator__Port"], CultureInfo.InvariantCulture);
        Emulator = new EmulatorControl(new UriBuilder(Uri.UriSchemeHttps, "localhost", emulatorPort).Uri);
        Http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = Address };
        _onLine = onLine;
    }

    private HubServer(Process process, Dictionary<string, string> settings, Action<string>? onLine)
        : this(settings, onLine) => _process = process;

    private HubServer(Dictionary<string, string> settings)
        : this(settings, onLine: null) =>
        _inProcess = new InProcessHub(settings, Path.GetDirectoryName(Assembly)!, Receive);

    public Uri Address { get; }

    public HttpClient Http { get; }

    public EmulatorControl Emulator { get; }

    public IReadOnlyList<string> Output => _output.All;

    public int ProcessId => OwnProcess.Id;

    private Process OwnProcess =>
        _process ?? throw new InvalidOperationException("This server has no process of its own");

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

    /// <summary>Starts the server in Development and waits until it is ready, or at least answers.</summary>
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
        var server = new HubServer(Launch(assembly ?? Assembly, all, core, withoutInotify), all, onLine);
        server.Listen();
        await server.WaitForHealthAsync(untilReady ? "/health/ready" : "/health/live");
        return server;
    }

    /// <summary>Starts the server in the process of the tests, in Development, and waits until it is ready.</summary>
    /// <param name="settings">Environment variables, as for a process of its own.</param>
    public static async Task<HubServer> StartInProcessAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        var server = new HubServer(WithDefaults(settings));
        await server.WaitForHealthAsync("/health/ready");
        return server;
    }

    /// <summary>Runs the server until it ends by itself, and returns its exit code and output.</summary>
    /// <param name="settings">Environment variables.</param>
    /// <param name="assembly">The server's assembly; null takes the one of this build.</param>
    public static async Task<(int ExitCode, string Output)> RunToEndAsync(
        IReadOnlyDictionary<string, string> settings,
        string? assembly = null
    )
    {
        using var process = Launch(assembly ?? Assembly, settings);
        using var timeout = new CancellationTokenSource(StartTimeout);
        var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        var errors = process.StandardError.ReadToEndAsync(timeout.Token);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException("The server went on running");
        }
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
            if (_inProcess is { Exited.IsCompleted: true })
            {
                throw new InvalidOperationException(
                    $"The server ended with {await _inProcess.Exited}:\n{string.Join('\n', Output)}"
                );
            }

            if (_process is { HasExited: true })
            {
                throw new InvalidOperationException(
                    $"The server ended with {_process.ExitCode}:\n{string.Join('\n', Output)}"
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

    public async Task KillAsync()
    {
        OwnProcess.Kill();
        await OwnProcess.WaitForExitAsync();
    }

    /// <summary>Asks the process to end, as an orchestrator does, and returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", OwnProcess.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await OwnProcess.WaitForExitAsync().WaitAsync(StopTimeout);
        return OwnProcess.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
        if (_inProcess is not null)
        {
            await _inProcess.DisposeAsync();
        }

        Http.Dispose();
        Emulator.Dispose();
    }

    private static Dictionary<string, string> WithDefaults(IReadOnlyDictionary<string, string>? settings)
    {
        var all = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = string.Create(
                CultureInfo.InvariantCulture,
                $"http://127.0.0.1:{RedisServer.FreePort()}"
            ),
            ["Emulator__Port"] = RedisServer.FreePort().ToString(CultureInfo.InvariantCulture),
            ["Emulator__ChangePeriod"] = "00:00:00",
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            all[name] = value;
        }

        return all;
    }

    private static Process Launch(
        string assembly,
        IReadOnlyDictionary<string, string> settings,
        int? core = null,
        string? withoutInotify = null
    )
    {
        // These commands replace themselves with the server, so the process id is the server's.
        string[] prefix =
        [
            .. core is { } number
                ? ["taskset", "-c", number.ToString(CultureInfo.InvariantCulture)]
                : Array.Empty<string>(),
            .. withoutInotify is null ? [] : NoInotify(withoutInotify),
        ];
        string[] command = [.. prefix, "dotnet", assembly];
        var start = new ProcessStartInfo(command[0], command[1..]);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.WorkingDirectory = Path.GetDirectoryName(assembly)!;

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    // The limit belongs to the user namespace, so that no other process notices.
    private static string[] NoInotify(string limit) =>
        [
            "unshare",
            "--user",
            "--map-root-user",
            "sh",
            "-c",
            $"echo 0 >/proc/sys/user/max_inotify_{limit} && exec \"$@\"",
            "sh",
        ];

    private void Receive(string line)
    {
        _output.Add(line);
        _onLine?.Invoke(line);
    }

    private void Listen()
    {
        OwnProcess.OutputDataReceived += (_, line) => Receive(line.Data ?? string.Empty);
        OwnProcess.ErrorDataReceived += (_, line) => Receive(line.Data ?? string.Empty);
        OwnProcess.BeginOutputReadLine();
        OwnProcess.BeginErrorReadLine();
    }
}
