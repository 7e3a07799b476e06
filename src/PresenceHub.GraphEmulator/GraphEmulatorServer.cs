using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PresenceHub.GraphEmulator.Hosting;
using PresenceHub.GraphEmulator.People;

namespace PresenceHub.GraphEmulator;

/// <summary>A Microsoft Graph for presence, with its own Entra, on a loopback port with TLS.</summary>
public sealed class GraphEmulatorServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GraphEmulatorServer(WebApplication app, Uri baseAddress)
    {
        _app = app;
        BaseAddress = baseAddress;
        RootCertificatePem = app.Services.GetRequiredService<LoopbackCertificates>().RootPem;
        ServiceAccountIds =
        [
            .. app.Services.GetRequiredService<Company>().ServiceAccounts.Select(account => account.ToString()),
        ];
    }

    /// <summary><c>https://localhost:PORT</c>. Graph is at <c>/v1.0</c>, Entra at the tenant id, the control API at
    /// <c>/emulator</c>.</summary>
    public Uri BaseAddress { get; }

    /// <summary>
    /// Root certificate to trust when calling <see cref="BaseAddress"/>. A new one is created at every start.
    /// </summary>
    public string RootCertificatePem { get; }

    /// <summary>Object id of an account that can hold the presence subscription. It is not one of the people.</summary>
    public string ServiceAccountId => ServiceAccountIds[0];

    /// <summary>All such accounts; <see cref="GraphEmulatorOptions.ServiceAccounts"/> says how many.</summary>
    public IReadOnlyList<string> ServiceAccountIds { get; }

    internal IServiceProvider Services => _app.Services;

    /// <summary>Starts the emulator.</summary>
    /// <param name="options">Must not be changed afterwards, except for the switches.</param>
    /// <param name="time">The clock of the company, the tokens, the quotas and the deliveries.</param>
    /// <param name="loggerFactory">Where to log; null: nowhere.</param>
    /// <param name="cancellationToken">Ends the start, not the running emulator.</param>
    /// <exception cref="OptionsValidationException">An option is out of its range.</exception>
    public static async Task<GraphEmulatorServer> StartAsync(
        GraphEmulatorOptions options,
        TimeProvider time,
        ILoggerFactory? loggerFactory,
        CancellationToken cancellationToken
    )
    {
        var validation = new GraphEmulatorOptionsValidator().Validate(null, options);
        if (validation.Failed)
        {
            throw new OptionsValidationException(
                GraphEmulatorOptions.SectionName,
                typeof(GraphEmulatorOptions),
                validation.Failures
            );
        }

        // The empty builder reads no environment: ASPNETCORE_URLS and similar variables belong to the embedding
        // program's.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggerFactory ?? NullLoggerFactory.Instance);
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.Services.AddRouting();
        builder.Services.AddEmulator(options, time);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
                listen.UseHttps(kestrel.ApplicationServices.GetRequiredService<LoopbackCertificates>().Server)
            )
        );

        var app = builder.Build();
        try
        {
            app.UseEmulator();
            await app.StartAsync(cancellationToken);
            var bound = app
                .Services.GetRequiredService<IServer>()
                .Features.GetRequiredFeature<IServerAddressesFeature>()
                .Addresses.Single();
            var address = new UriBuilder(Uri.UriSchemeHttps, "localhost", new Uri(bound).Port).Uri;
            app.Services.GetRequiredService<EmulatorAddress>().Base = address;
            var server = new GraphEmulatorServer(app, address);
            app.Services.GetRequiredService<ILogger<GraphEmulatorServer>>().Listening(address, options.People);
            return server;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
