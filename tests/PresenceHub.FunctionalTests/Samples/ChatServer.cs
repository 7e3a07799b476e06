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

    /// <param name="hub">The address of the presence hub.</param>
    public static async Task<ChatServer> StartAsync(Uri hub)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Take()}");
        var server = new ChatServer(Launch(address, ("PresenceHub__Url", $"{hub}")), new Uri(address));

        // A full pipe would stop the chat.
        server._process.BeginErrorReadLine();
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

    /// <summary>Starts the chat with settings that it refuses, and returns what it says.</summary>
    public static async Task<string> RunToEndAsync(params (string Name, string Value)[] settings)
    {
        using var process = Launch("http://127.0.0.1:0", settings);
        using var timeout = new CancellationTokenSource(StartTimeout);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            Assert.NotEqual(0, process.ExitCode);
            return output + await errors;
        }
        finally
        {
            process.Kill();
        }
    }

    private static Process Launch(string address, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_URLS"] = address;
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
