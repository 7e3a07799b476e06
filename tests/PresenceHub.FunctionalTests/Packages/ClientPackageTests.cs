using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Packages;

/// <summary>The packages of the .NET client, as a project gets them that knows nothing of this repository.</summary>
[Trait("Category", "Long")]
public sealed class ClientPackageTests(PackageFeed feed) : IClassFixture<PackageFeed>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("PresenceHub.Contracts")]
    [InlineData("PresenceHub.Client")]
    [InlineData("PresenceHub.Client.Azure")]
    public void Package_OfTheClient_IsDescribedAndDependsOnWhatItUsesOnly(string package)
    {
        var (metadata, files) = feed.Read(package);

        Assert.Equal("MIT", Text("license"));
        Assert.Equal("README.md", Text("readme"));
        Assert.NotEqual("Package Description", Text("description"));
        Assert.Contains("README.md", files);
        Assert.All((string[])["net8.0", "net10.0"], framework =>
        {
            Assert.Contains($"lib/{framework}/{package}.dll", files);
            Assert.Contains($"lib/{framework}/{package}.xml", files);
        });
        Assert.True(File.Exists(feed.FileOf(package, ".snupkg")));
        string[] allowed =
        [
            "PresenceHub.",
            "MessagePack",
            "Microsoft.AspNetCore.SignalR.",
            "Microsoft.Extensions.",
            // Azure.Core depends on Microsoft.Identity.Client, whose version this repository pins.
            .. package.EndsWith(".Azure", StringComparison.Ordinal)
                ? (string[])["Azure.Core", "Microsoft.Identity.Client"]
                : [],
        ];
        Assert.All(metadata.Descendants(metadata.Name.Namespace + "dependency"), dependency =>
            Assert.Contains(allowed, name =>
                dependency.Attribute("id")!.Value.StartsWith(name, StringComparison.Ordinal)
            )
        );

        string Text(string name) => metadata.Element(metadata.Name.Namespace + name)!.Value;
    }

    [Fact]
    public async Task WebApplicationForNet8_WithTheSampleOfTheDocs_AnswersLivePresence()
    {
        using var project = await FreshProject.BuildAsync(feed, "Microsoft.NET.Sdk.Web", "net8.0", "In a host");
        await using var hub = await HubServer.StartInProcessAsync();
        var id = (await hub.PeopleAsync())[0];
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Take()}");
        using var process = Dotnet.Start(
            project.Folder,
            [project.Assembly],
            new Dictionary<string, string>
            {
                ["ASPNETCORE_URLS"] = address,
                ["PresenceClient__Url"] = new Uri(hub.Address, "/hubs/presence").ToString(),
                ["PresenceClient__TokenUrl"] = new Uri(hub.Address, "/dev/token").ToString(),
            }
        );
        try
        {
            await ReadUntilAsync(process.StandardOutput, "Application started");
            using var http = new HttpClient(new SocketsHttpHandler());
            var entry = await Eventually.GetAsync(
                () => http.GetFromJsonAsync<JsonElement>($"{address}/presence/{id}"),
                entry => entry.GetProperty("freshness").GetString() is "live"
            );
            Assert.Equal(id, entry.GetProperty("id").GetString());
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task ConsoleForNet10_WithTheSampleOfTheDocs_WritesLivePresence()
    {
        using var project = await FreshProject.BuildAsync(feed, "Microsoft.NET.Sdk", "net10.0", "Without a host");
        await using var hub = await HubServer.StartInProcessAsync();
        var (token, _) = await hub.SignInAsync();
        var id = (await hub.PeopleAsync())[0];
        using var process = Dotnet.Start(
            project.Folder,
            [project.Assembly, new Uri(hub.Address, "/hubs/presence").ToString(), token, id]
        );
        try
        {
            var line = await ReadUntilAsync(process.StandardOutput, "(live)");
            Assert.StartsWith($"{id}: ", line, StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task<string> ReadUntilAsync(StreamReader output, string text)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (await output.ReadLineAsync(timeout.Token) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The program ended before it wrote {text}");
    }
}
