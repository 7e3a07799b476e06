using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PresenceHub.GraphEmulator.Hosting;

namespace PresenceHub.GraphEmulator.Tests.Notifications;

[Trait("Category", "Functional")]
public sealed class NotificationTrustTests
{
    [Theory]
    [InlineData(false, false, HttpStatusCode.BadRequest)]
    [InlineData(true, false, HttpStatusCode.Created)]
    [InlineData(false, true, HttpStatusCode.Created)]
    public async Task Create_HttpsEndpointWithOwnRoot_NeedsTrust(bool trustAny, bool trustRoot, HttpStatusCode expected)
    {
        using var certificates = LoopbackCertificates.Create(TimeProvider.System.GetUtcNow());
        await using var endpoint = Endpoint(certificates);
        await endpoint.StartAsync();
        var port = new Uri(
            endpoint.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()
        ).Port;
        var options = EmulatorFixture.Still();
        options.Switches.AllowHttpOnLoopback = false;
        options.Switches.TrustAnyCertificateOnLoopback = trustAny;
        options.NotificationRootPem = trustRoot ? certificates.RootPem : null;
        await using var emulator = await EmulatorFixture.StartAsync(options);

        var response = await emulator.SendAsync(
            HttpMethod.Post,
            "v1.0/subscriptions",
            await emulator.UserTokenAsync(),
            EmulatorFixture.Wanted(
                $"https://localhost:{port}/notify",
                await emulator.PeopleAsync(),
                TimeProvider.System.GetUtcNow().AddMinutes(50)
            )
        );

        Assert.Equal(expected, response.StatusCode);
    }

    private static WebApplication Endpoint(LoopbackCertificates certificates)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        builder
            .WebHost.UseKestrelCore()
            .UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel =>
                kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificates.Server))
            );
        var app = builder.Build();
        app.MapPost("/notify", (string validationToken) => Results.Text(validationToken, "text/plain"));
        return app;
    }
}
