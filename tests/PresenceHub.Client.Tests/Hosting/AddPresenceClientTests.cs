using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PresenceHub.Client.Tests.Fakes;

namespace PresenceHub.Client.Tests.Hosting;

public sealed class AddPresenceClientTests
{
    private const string Url = "http://127.0.0.1:1/hubs/presence";

    [Fact]
    public async Task Start_OptionsInTheConfiguration_AreBoundAndCodeComesAfterThem()
    {
        using var host = NewHost(
            new()
            {
                ["Url"] = Url,
                ["MaxIdsPerCall"] = "7",
                ["ReconnectCap"] = "00:00:20",
            },
            services => services.AddPresenceClient(options => options.MaxIdsPerCall = 8)
        );
        await host.StartAsync();
        var options = host.Services.GetRequiredService<IOptions<PresenceClientOptions>>().Value;
        Assert.Equal(new Uri(Url), options.Url);
        Assert.Equal((8, TimeSpan.FromSeconds(20)), (options.MaxIdsPerCall, options.ReconnectCap));
        await host.StopAsync();
    }

    [Fact]
    public async Task Host_HubIsAway_StartsAndStopsTheClient()
    {
        using var host = NewHost(new() { ["Url"] = Url }, services => services.AddPresenceClient());
        var client = host.Services.GetRequiredService<PresenceClient>();
        Assert.Equal(PresenceConnectionState.Idle, client.Status.State);
        await host.StartAsync();
        await Expect.ConditionAsync(
            () => client.Status.State is PresenceConnectionState.Connecting,
            "the client to connect"
        );
        await host.StopAsync();
        Assert.Equal(PresenceConnectionState.Stopped, client.Status.State);
    }

    [Theory]
    [InlineData("Url", null, "PresenceClient:Url is not set")]
    [InlineData("Url", "presence", "PresenceClient:Url must be an absolute address (https), and is 'presence'")]
    [InlineData("Url", "ftp://hub.test/", "PresenceClient:Url must be an absolute address")]
    [InlineData("TokenUrl", "/presence-token", "PresenceClient:TokenUrl must be an absolute address")]
    [InlineData("MaxIdsPerCall", "0", "PresenceClient:MaxIdsPerCall must be from 1 to 100000, and is 0")]
    [InlineData("ReconnectCap", "2.00:00:00", "PresenceClient:ReconnectCap must be from 00:00:00.0010000 to 01:00:00")]
    public async Task Start_SettingIsOutsideItsRange_NamesTheSetting(string name, string? value, string message)
    {
        using var host = NewHost(new() { ["Url"] = Url, [name] = value }, services => services.AddPresenceClient());
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains(failure.Failures, text => text.StartsWith(message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_SettingIsMisspelt_NamesIt()
    {
        using var host = NewHost(new() { ["Url"] = Url, ["MaxIdPerCall"] = "5" }, services =>
            services.AddPresenceClient()
        );
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());
        Assert.Contains("MaxIdPerCall", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AddPresenceClient_Twice_ConfiguresOneClient()
    {
        using var host = NewHost(new() { ["Url"] = Url }, services =>
        {
            services.AddPresenceClient(options => options.MaxIdsPerCall = 8);
            services.AddPresenceClient(options => options.UseMessagePack = true);
        });
        var options = host.Services.GetRequiredService<IOptions<PresenceClientOptions>>().Value;
        Assert.Equal((8, true), (options.MaxIdsPerCall, options.UseMessagePack));
        Assert.Single(host.Services.GetServices<PresenceClient>());
        Assert.Single(host.Services.GetServices<IHostedService>());
    }

    internal static IHost NewHost(Dictionary<string, string?> settings, Action<IServiceCollection> add)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create($"PresenceClient:{setting.Key}", setting.Value))
        );
        add(builder.Services);
        return builder.Build();
    }
}
