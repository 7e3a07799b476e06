using System.Diagnostics;
using System.Globalization;

namespace PresenceHub.Testing;

/// <summary>The server in a process of its own, as its operator starts it.</summary>
internal sealed class HubProcess : IHubRun
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(40);

    private readonly Process _process;

    /// <param name="assembly">The server's assembly.</param>
    /// <param name="settings">Environment variables.</param>
    /// <param name="onLine">Receives each line that the server writes.</param>
    /// <param name="core">The only processor core that the server may use; null allows all.</param>
    /// <param name="withoutInotify">What inotify has none left of: <c>instances</c> or <c>watches</c>; null when it
    /// works.</param>
    public HubProcess(
        string assembly,
        IReadOnlyDictionary<string, string> settings,
        Action<string> onLine,
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

        _process = Process.Start(start)!;
        Exited = ExitAsync();
        _process.OutputDataReceived += (_, line) => onLine(line.Data ?? string.Empty);
        _process.ErrorDataReceived += (_, line) => onLine(line.Data ?? string.Empty);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>Completes with the exit code when the process has ended and all of its output has been read.</summary>
    public Task<int> Exited { get; }

    /// <summary>Sends the signal that an orchestrator sends.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await Exited.WaitAsync(StopTimeout);
    }

    public Task KillAsync()
    {
        _process.Kill();
        return Exited;
    }

    public async ValueTask DisposeAsync()
    {
        if (!Exited.IsCompleted)
        {
            await KillAsync();
        }

        _process.Dispose();
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

    private async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }
}
