using Microsoft.Extensions.Configuration;
using PresenceHub.Server.Hosting;

namespace PresenceHub.Server.Tests.Hosting;

public sealed class SettingsCheckTests
{
    [Theory]
    [InlineData("Polling:Perod", "00:01:00")]
    [InlineData("Graph:Accounts:0:RefreshTokn", "x")]
    [InlineData("Emulator:Limits:Nothing", "1")]
    [InlineData("WatchLists:CallsPerSecond:Max", "1")]
    [InlineData("Store:KeyPrefix", "mine")]
    [InlineData("WatchLists:KeyPrefix", "mine")]
    [InlineData("WatchLists:TenantId", "7e7a0000-0000-4000-8000-00000000c0de")]
    [InlineData("Redis:ConnectionSetting", "x")]
    public void Unknown_NameThatIsNoSetting_IsNamed(string name, string value)
    {
        Assert.Equal([name], CheckOf((name, value)).Unknown);
    }

    [Theory]
    [InlineData("polling:period", "00:01:00")]
    [InlineData("Http:AllowedOrigins:0", "https://intranet.example")]
    [InlineData("Authentication:RequiredScopes:0", "access")]
    [InlineData("Graph:Accounts:3:RefreshToken", "x")]
    [InlineData("Emulator:Switches:ShuffleBulkReads", "false")]
    [InlineData("Graph:Mode", "tenant")]
    [InlineData("Elsewhere:Anything", "x")]
    [InlineData("Polling:Period", "")]
    public void Check_SettingThatExists_FindsNothing(string name, string value)
    {
        var check = CheckOf((name, value));

        Assert.Empty(check.Unknown);
        Assert.Empty(check.Unreadable);
    }

    [Theory]
    [InlineData("WatchLists:CallBurst", "many", "WatchLists:CallBurst cannot be read: 'many' is not a number")]
    [InlineData("Polling:Period", "soon", "Polling:Period cannot be read: 'soon' is not a duration such as 00:01:30")]
    [InlineData("Polling:Enabled", "yes", "Polling:Enabled cannot be read: 'yes' is not true or false")]
    [InlineData("Graph:Mode", "Tennant", "Graph:Mode cannot be read: 'Tennant' is not one of Emulator, Tenant")]
    public void Unreadable_ValueOfAnotherType_IsNamedWithWhatIsExpected(string name, string value, string expected)
    {
        Assert.Equal([expected], CheckOf((name, value)).Unreadable);
    }

    [Theory]
    [InlineData("Authentication:Schemes:Bearer:ValidateAudience", "false", "Authentication:Schemes")]
    [InlineData("authentication:schemes:Bearer:ValidAudiences:0", "x", "Authentication:schemes")]
    [InlineData("Authentication:DefaultScheme", "Other", "Authentication:DefaultScheme")]
    public void Unreadable_SettingOfTheFrameworkThatChangesTokenChecks_IsRefused(
        string name,
        string value,
        string named
    )
    {
        var check = CheckOf((name, value));

        Assert.Equal(
            [$"{named} must not be set: how tokens are checked follows from the other Authentication settings"],
            check.Unreadable
        );
        Assert.Empty(check.Unknown);
    }

    [Theory]
    [InlineData("Graph:Accounts")]
    [InlineData("DataProtection:OtherCertificates")]
    [InlineData("Quotas:Roles")]
    [InlineData("Quotas:Roles:PresenceHub.Watch")]
    [InlineData("Emulator:Switches")]
    public void Unreadable_TextInPlaceOfSettings_IsNamed(string name)
    {
        Assert.Equal(
            [$"{name} cannot be read: it has settings below it, and is not a single text"],
            CheckOf((name, "x")).Unreadable
        );
        Assert.Empty(CheckOf((name, "")).Unreadable);
    }

    [Theory]
    [InlineData("Emulator:Peeple", "10")]
    [InlineData("Emulator:Switches:ShuffleBulkReads", "false")]
    [InlineData("emulator:TenantId", "7e7a0000-0000-4000-8000-00000000c0de")]
    public void Unused_SettingOfTheEmulatorInAPublishedServer_IsNamed(string name, string value)
    {
        var published = SettingsCheck.Of(ConfigurationOf((name, value), ("Graph:Mode", "Tenant")), emulator: null);

        Assert.Equal([name], published.Unused, StringComparer.OrdinalIgnoreCase);
        Assert.Empty(published.Unknown);
        Assert.Empty(CheckOf((name, value)).Unused);
    }

    [Fact]
    public void Unused_EmulatorElsewhere_SettingsThatConnectToItAreUsed()
    {
        var configuration = ConfigurationOf(
            ("Graph:Mode", "emulator"),
            ("Graph:BaseUrl", "https://emulator.example/v1.0"),
            ("Emulator:TenantId", "7e7a0000-0000-4000-8000-00000000c0de"),
            ("Emulator:ClientId", "c11e0000-0000-4000-8000-00000000c0de"),
            ("Emulator:ClientSecret", "secret"),
            ("Emulator:HubAudience", "api://hub"),
            ("Emulator:People", "10")
        );

        Assert.Equal(["Emulator:People"], SettingsCheck.Of(configuration, emulator: null).Unused);
    }

    private static SettingsCheck CheckOf(params (string Name, string Value)[] settings) =>
        SettingsCheck.Of(ConfigurationOf(settings));

    private static IConfiguration ConfigurationOf(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value))
            .Build();
}
