using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Hosting;

/// <summary>Prints to the console what is simulated, the addresses to open, and how to end the simulation.</summary>
internal static class StartupBanner
{
    public static void AnnounceSimulation(this WebApplication app, Simulation simulation)
    {
        if (simulation.EmulatorAddress is null && !simulation.HasStore)
        {
            return;
        }

        app.Lifetime.ApplicationStarted.Register(() =>
        {
            var address =
                app.Services.GetRequiredService<IServer>()
                    .Features.Get<IServerAddressesFeature>()
                    ?.Addresses.FirstOrDefault()
                + app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value.PathBase;
            Console.WriteLine(
                $"PresenceHub: look at {address} for the live board; {address}/health/ready and {address}/metrics for operators."
            );
            if (simulation.EmulatorAddress is { } graph)
            {
                if (PlaygroundPage.IsIncluded)
                {
                    Console.WriteLine(
                        $"  Start here: {address}/playground/ sets the presence of a person and breaks things while you watch."
                    );
                }

                Console.WriteLine(
                    $"  Simulated: Microsoft Graph, a company of {simulation.People} people, at {graph} (control API under /emulator)."
                );
            }

            if (simulation.HasStore)
            {
                Console.WriteLine(
                    "  Simulated: Redis, by a store inside this process that keeps nothing. Redis:ConnectionString names a real one."
                );
            }

            Console.WriteLine(
                "  A real tenant: Graph__Mode=Tenant, Graph__TenantId, Graph__ClientId, Graph__ClientSecret, Redis__ConnectionString (README.md)."
            );
        });
    }
}
