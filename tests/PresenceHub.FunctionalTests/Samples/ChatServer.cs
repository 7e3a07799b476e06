using System.Diagnostics;
using System.Globalization;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Samples;

/// <summary>The chat sample as a process of its own, beside a hub.</summary>
internal sealed class ChatServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly string Assembly = Path.Combine(
        Repository.Root,
        "clients",
        "samples",
        "chat",
        "bin",
        Repository.Configuration,
        "net10.0",
        "PresenceHub.ChatSample.dll"
    );

    private readonly Process _process;

    private ChatServer(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public static async Task<ChatServer> StartAsync(HubServer hub)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{RedisServer.FreePort()}");
        var start = new ProcessStartInfo("dotnet", [Assembly]) { RedirectStandardOutput = true };
        start.Environment["ASPNETCORE_URLS"] = address;
        start.Environment["PresenceHub__Url"] = hub.Address.ToString();
        var server = new ChatServer(Process.Start(start)!, new Uri(address));
        using var timeout = new CancellationTokenSource(StartTimeout);
        while (await server._process.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
        {
            if (line.StartsWith("Chat: open", StringComparison.Ordinal))
            {
                return server;
            }
        }

        await server.DisposeAsync();
        throw new InvalidOperationException("The chat ended before it could be opened");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
