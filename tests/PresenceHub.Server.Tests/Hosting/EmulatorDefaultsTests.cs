using Microsoft.Extensions.Configuration;
using PresenceHub.GraphEmulator;
using PresenceHub.Server.Hosting;

namespace PresenceHub.Server.Tests.Hosting;

public sealed class EmulatorDefaultsTests
{
    [Fact]
    public void Apply_NothingConfigured_GivesTheDefaultsOfTheEmulator()
    {
        var configuration = Applied();

        var emulator = new GraphEmulatorOptions();
        Assert.Equal("https://localhost:5443", configuration["Graph:AuthorityHost"]);
        Assert.Equal(emulator.TenantId, configuration["Graph:TenantId"]);
        Assert.Equal(emulator.ClientId, configuration["Graph:ClientId"]);
        Assert.Equal(emulator.ClientSecret, configuration["Graph:ClientSecret"]);
        Assert.Equal(emulator.HubAudience, configuration["Authentication:Audience"]);
    }

    [Fact]
    public void Apply_EmulatorConfigured_FollowsIt()
    {
        var configuration = Applied(
            ("Emulator:TenantId", "7e7a0000-0000-4000-8000-000000000001"),
            ("Emulator:HubAudience", "api://other")
        );

        Assert.Equal("7e7a0000-0000-4000-8000-000000000001", configuration["Graph:TenantId"]);
        Assert.Equal("api://other", configuration["Authentication:Audience"]);
    }

    [Fact]
    public void Apply_GraphConfigured_StaysUnchanged()
    {
        var configuration = Applied(("Graph:ClientId", "c11e0000-0000-4000-8000-000000000001"));

        Assert.Equal("c11e0000-0000-4000-8000-000000000001", configuration["Graph:ClientId"]);
    }

    private static ConfigurationManager Applied(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        configuration["Graph:BaseUrl"] = "https://localhost:5443/v1.0";
        foreach (var (name, value) in settings)
        {
            configuration[name] = value;
        }

        EmulatorDefaults.Apply(configuration);
        return configuration;
    }
}
