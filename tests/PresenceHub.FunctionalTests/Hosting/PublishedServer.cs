using PresenceHub.FunctionalTests.Packages;
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
            // As the image is restored: the lock files have its runtime.
            "-p:RestoreLockedMode=true",
        ];
        await Dotnet.RunAsync(Repository.Root, arguments);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }
}
