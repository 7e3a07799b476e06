using System.Text.RegularExpressions;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Packages;

/// <summary>A project outside the repository, whose program is a sample of docs/dotnet-client.md.</summary>
internal sealed partial class FreshProject : IDisposable
{
    private FreshProject(string folder) => Folder = folder;

    public string Folder { get; }

    public string Assembly => Path.Combine(Folder, "bin", "Debug", "out", "Fresh.dll");

    /// <summary>Writes the project, restores its packages from the feed, and builds it. A warning fails.</summary>
    /// <param name="feed">Has the packages of the repository.</param>
    /// <param name="sdk">For instance <c>Microsoft.NET.Sdk.Web</c>.</param>
    /// <param name="framework">For instance <c>net8.0</c>.</param>
    /// <param name="sample">The heading of the page below which the program stands.</param>
    public static async Task<FreshProject> BuildAsync(PackageFeed feed, string sdk, string framework, string sample)
    {
        var project = new FreshProject(Directory.CreateTempSubdirectory("presencehub-fresh").FullName);
        await project.WriteAsync("Program.cs", await ReadSampleAsync(sample));
        await project.WriteAsync(
            "nuget.config",
            $"""<configuration><packageSources><add key="packed" value="{feed.Folder}" /></packageSources></configuration>"""
        );
        await project.WriteAsync(
            "Fresh.csproj",
            $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>{framework}</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <UseAppHost>false</UseAppHost>
                <OutputPath>bin/Debug/out/</OutputPath>
                <AppendTargetFrameworkToOutputPath>false</AppendTargetFrameworkToOutputPath>
                <!-- What is known of other packages today must not fail the test. -->
                <NuGetAudit>false</NuGetAudit>
                <!-- The packed ones come into this folder; others may be on the machine already. -->
                <RestorePackagesPath>obj/packages</RestorePackagesPath>
                <RestoreFallbackFolders>{InstalledPackages}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="PresenceHub.Client.Azure" Version="{feed.VersionOf(
                "PresenceHub.Client.Azure"
            )}" />
                <PackageReference Include="PresenceHub.Client" Version="{feed.VersionOf("PresenceHub.Client")}" />
              </ItemGroup>
            </Project>
            """
        );
        await Dotnet.RunAsync(project.Folder, "build", "--nologo", "--verbosity", "quiet");
        return project;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string InstalledPackages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static async Task<string> ReadSampleAsync(string heading)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "dotnet-client.md"));
        var section = page[page.IndexOf($"\n## {heading}\n", StringComparison.Ordinal)..];
        return Sample().Match(section).Groups[1].Value;
    }

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(Folder, name), text);

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Sample();
}
