using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace PresenceHub.Testing;

/// <summary>A real redis-server on a free loopback port that a test may kill, restart and freeze.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);

    private readonly string _directory = Directory.CreateTempSubdirectory("presencehub-redis").FullName;
    private readonly string[] _settings;
    private readonly string? _sentinelConfiguration;
    private Process? _process;

    public RedisServer()
        : this([]) { }

    internal RedisServer(params string[] settings) => _settings = settings;

    private RedisServer(string sentinelConfiguration) =>
        (_settings, _sentinelConfiguration) = ([], sentinelConfiguration);

    public int Port { get; } = FreePorts.Take();

    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    internal static RedisServer Sentinel(string configuration) => new(configuration);

    public Task InitializeAsync() => StartAsync();

    public async Task StartAsync()
    {
        string[] arguments = _sentinelConfiguration is null
            ?
            [
                "--save",
                "",
                "--appendonly",
                "yes",
                "--appendfsync",
                "no",
                "--repl-diskless-sync-delay",
                "0",
                .. _settings,
            ]
            : ["--sentinel"];
        string[] configuration = _sentinelConfiguration is null ? [] : [_sentinelConfiguration];

        // Every write is in the append-only file before it is answered: what a kill loses is the test's choice, not the
        // disk's. A replica that comes is served at once: by default its master waits five seconds for others.
        _process = Process.Start(
            new ProcessStartInfo(
                "redis-server",
                [
                    .. configuration,
                    "--port",
                    Port.ToString(CultureInfo.InvariantCulture),
                    "--bind",
                    "127.0.0.1",
                    "--dir",
                    _directory,
                    "--daemonize",
                    "no",
                    "--loglevel",
                    "warning",
                    .. arguments,
                ]
            )
            {
                RedirectStandardOutput = true,
            }
        )
            ?? throw new InvalidOperationException(
                "redis-server did not start; install it (apt-get install redis-server)"
            );
        await WaitUntilReadyAsync();
    }

    /// <summary>Ends the process at once, as a crash would.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Stops the process without ending it: its connections stay open and nothing answers.</summary>
    public Task FreezeAsync() => SignalAsync("-STOP");

    public Task ThawAsync() => SignalAsync("-CONT");

    /// <summary>What a server without persistence comes back with.</summary>
    public void LoseData()
    {
        Directory.Delete(_directory, recursive: true);
        Directory.CreateDirectory(_directory);
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private async Task WaitUntilReadyAsync()
    {
        using var timeout = new CancellationTokenSource(StartTimeout);
        while (true)
        {
            try
            {
                if (_sentinelConfiguration is not null)
                {
                    using var socket = new TcpClient();
                    await socket.ConnectAsync(IPAddress.Loopback, Port, timeout.Token);
                    return;
                }

                await using var connection = await ConnectionMultiplexer.ConnectAsync(
                    ConnectionString + ",connectTimeout=500"
                );
                await connection.GetDatabase().PingAsync();
                return;
            }
            catch (Exception exception)
                when (exception is RedisException or SocketException && !timeout.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, timeout.Token);
            }
        }
    }
}
