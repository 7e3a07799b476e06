using System.Diagnostics;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>No Docker engine is available to the tests: this is the output of the publish command of the
/// Dockerfile.</summary>
[CollectionDefinition(nameof(PublishedServer))]
public sealed class PublishedServer : ICollectionFixture<PublishedServer>, IAsyncLifetime
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("presencehub-publish").FullName;

    public string Assembly => Path.Combine(Folder, "PresenceHub.Server.dll");

    public IReadOnlyList<FileInfo> Files => new DirectoryInfo(Folder).GetFiles("*", SearchOption.AllDirectories);

    public async Task InitializeAsync()
    {
        string[] arguments =
        [
            "publish",
            "src/PresenceHub.Server",
            "--use-current-runtime",
            "--no-self-contained",
            "--configuration",
            "Release",
            "--output",
            Folder,
            "--nologo",
            "--verbosity",
            "quiet",
        ];
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", arguments)
            {
                WorkingDirectory = Repository.Root,
                RedirectStandardOutput = true,
            }
        )!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode is 0, output);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }
}
