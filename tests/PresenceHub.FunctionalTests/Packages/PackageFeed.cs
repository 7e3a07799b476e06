using System.IO.Compression;
using System.Xml.Linq;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Packages;

/// <summary>The client's packages in a folder, packed as for a release.</summary>
public sealed class PackageFeed : IAsyncLifetime
{
    private static readonly string[] Projects =
    [
        "src/PresenceHub.Contracts",
        "clients/dotnet/PresenceHub.Client",
        "clients/dotnet/PresenceHub.Client.Azure",
    ];

    public string Folder { get; } = Directory.CreateTempSubdirectory("presencehub-feed").FullName;

    public async Task InitializeAsync()
    {
        foreach (var project in Projects)
        {
            await Dotnet.RunAsync(
                Repository.Root,
                ["pack", project, "--configuration", "Release", "--output", Folder, "--nologo", "--verbosity", "quiet"]
            );
        }
    }

    public string FileOf(string package, string extension) =>
        Directory
            .EnumerateFiles(Folder, $"{package}.*{extension}")
            .Single(file => char.IsAsciiDigit(Path.GetFileName(file)[package.Length + 1]));

    public string VersionOf(string package) =>
        Path.GetFileNameWithoutExtension(FileOf(package, ".nupkg"))[(package.Length + 1)..];

    /// <summary>The description of a package, and the names of its files.</summary>
    public (XElement Metadata, IReadOnlyList<string> Files) Read(string package)
    {
        using var file = ZipFile.OpenRead(FileOf(package, ".nupkg"));
        using var description = file.GetEntry($"{package}.nuspec")!.Open();
        var root = XElement.Load(description);
        return (root.Elements().Single(), [.. file.Entries.Select(entry => entry.FullName)]);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }
}
