using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using PresenceHub.GraphEmulator;

namespace PresenceHub.Development;

/// <summary>The Graph emulator in this process, with the settings of the server's <c>Emulator</c> section.</summary>
internal static class EmulatedGraph
{
    /// <summary>The assembly that holds the option classes of the emulator.</summary>
    public static Assembly OptionsAssembly => typeof(GraphEmulatorOptions).Assembly;

    /// <summary>Starts the emulator and makes it the configured Graph, with its own accounts if none are
    /// configured.</summary>
    public static async Task<(IAsyncDisposable Server, Uri Address, string RootPem, int People)> StartAsync(
        IConfiguration configuration
    )
    {
        var options = configuration.GetSection(GraphEmulatorOptions.SectionName).Get<GraphEmulatorOptions>()
            ?? new GraphEmulatorOptions();

        // The server listens without TLS here, as it does behind any proxy.
        options.Switches.AllowHttpOnLoopback = true;
        var server = await GraphEmulatorServer.StartAsync(options, TimeProvider.System, null, CancellationToken.None);
        configuration["Graph:BaseUrl"] = new Uri(server.BaseAddress, "/v1.0").ToString();
        if (!configuration.GetSection("Graph:Accounts").GetChildren().Any())
        {
            for (var i = 0; i < server.ServiceAccountIds.Count; i++)
            {
                configuration[string.Create(CultureInfo.InvariantCulture, $"Graph:Accounts:{i}:UserId")] =
                    server.ServiceAccountIds[i];
            }
        }

        return (server, server.BaseAddress, server.RootCertificatePem, options.People);
    }
}
