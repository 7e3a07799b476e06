using System.Text.RegularExpressions;
using PresenceHub.Testing;
using StackExchange.Redis;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>A setting that is missing or wrong ends the start with one line that names it.</summary>
public sealed partial class StartupTests
{
    private static readonly Dictionary<string, string> Production = new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
        ["Redis__ConnectionString"] = "127.0.0.1:1",
        ["Graph__TenantId"] = "7e7a0000-0000-4000-8000-00000000c0de",
        ["Graph__ClientId"] = "c11e0000-0000-4000-8000-00000000c0de",
        ["Graph__ClientSecret"] = "never printed",
    };

    [Theory]
    [InlineData("Redis:ConnectionString", "")]
    [InlineData("Redis:ConnectionString", "localhost,connectTimeout=soon")]
    [InlineData("Graph:TenantId", "")]
    [InlineData("Graph:TenantId", "contoso")]
    [InlineData("Graph:ClientId", "")]
    [InlineData("Graph:ClientSecret", "")]
    [InlineData("Graph:ClientCertificatePath", "/nowhere.pem")]
    [InlineData("Graph:BaseUrl", "https://graph.microsoft.com/beta")]
    [InlineData("Graph:TrustedRootPath", "/nowhere.pem")]
    [InlineData("Authentication:Authority", "http://login.microsoftonline.com/contoso/v2.0")]
    [InlineData("Authentication:Authority", "login.microsoftonline.com")]
    [InlineData("Authentication:RequiredScopes:0", "access as_user")]
    [InlineData("Authentication:RequiredRoles:0", "")]
    [InlineData("Authentication:DefaultScheme", "Other")]
    [InlineData("Graph:Accounts", "5e71ce00-0000-4000-8000-000000000001")]
    [InlineData("WatchPolicy:HiddenSubjects", "5e71ce00-0000-4000-8000-000000000001,no-guid")]
    [InlineData("WatchLists:CallBurst", "many")]
    [InlineData("Graph:Mode", "Tennant")]
    [InlineData("Polling:Period", "00:00:00")]
    [InlineData("Quotas:IdBurst", "999")]
    [InlineData("Quotas:Roles:PresenceHub.Watch:ColdIdsPerMinute", "10")]
    [InlineData("Quotas:Roles:PresenceHub.Watch:Connections", "0")]
    [InlineData("Http:KnownProxies:0", "proxy.example")]
    [InlineData("Http:PathBase", "/presence/")]
    [InlineData("DataProtection:CertificatePath", "/nowhere.pem")]
    [InlineData("DataProtection:CertificatePath", "/etc/hostname")]
    [InlineData("DataProtection:CertificatePassword", "never printed")]
    [InlineData("DataProtection:OtherCertificates:0:Path", "/nowhere.pfx")]
    public async Task Start_InProduction_SettingMissingOrWrong_IsNamedInOneLine(string setting, string value)
    {
        Assert.Contains(setting, await RefusalAsync(new() { [setting] = value }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NothingConfigured_NamesAllThatIsMissingAtOnce()
    {
        var (exitCode, output) = await HubServer.RunToEndAsync(
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["Notifications__MinRecreateInterval"] = "23:00:00",
                ["Admission__IdBurst"] = "0",
            }
        );

        Assert.Equal(78, exitCode);
        foreach (
            var setting in (string[])
                [
                    "Redis:ConnectionString",
                    "Graph:TenantId",
                    "Graph:ClientId",
                    "Graph:ClientSecret",
                    "Authentication:Authority",
                    "Authentication:Audience",
                    "Notifications:MinRecreateInterval",
                    "Admission:IdBurst",
                ]
        )
        {
            Assert.Contains(setting, output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Start_SettingMisspelled_IsNamedInAWarning()
    {
        await using var hub = await HubServer.StartInProcessAsync(
            new Dictionary<string, string>
            {
                ["Polling__Perod"] = "00:00:30",
                ["Emulator__Switches__ShufleBulkReads"] = "false",
                ["Graph__Accounts__0__UserID"] = "5e71ce00-0000-4000-8000-000000000001",
                ["Graph__Accounts__0__RefreshTokn"] = "never printed",
            }
        );

        var warning = await hub.OutputLineAsync("settings do not exist");

        Assert.Contains(
            "3 settings do not exist and are ignored: Polling:Perod, Graph:Accounts:0:RefreshTokn, Emulator:Switches:ShufleBulkReads",
            warning,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Start_NothingConfiguredInDevelopment_PrintsNothingWorseThanInformation()
    {
        await using var hub = await HubServer.StartAsync();

        await hub.OutputLineAsync("Simulated: Redis");

        Assert.DoesNotContain(hub.Output, line => Worse().IsMatch(line));
    }

    [Fact]
    public async Task Start_StoreOfAnotherPartitionCount_IsRefusedInOneLine()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        await connection.GetDatabase().StringSetAsync("ph:layout", 16);

        var line = await RefusalAsync(
            new() { ["Redis:ConnectionString"] = redis.ConnectionString, ["Store:Partitions"] = "4" }
        );

        Assert.Equal(
            "PresenceHub cannot start: Store:Partitions is 4, but the data at Redis:ConnectionString is laid out in 16 partitions; "
                + "set it to that, or Redis:KeyPrefix to another one",
            line
        );
    }

    [Theory]
    [InlineData("EVALSHA")]
    [InlineData("PUBLISH")]
    public async Task Start_StoreWithoutANeededCommand_IsRefusedInOneLine(string command)
    {
        await using var redis = new RedisServer("--rename-command", command, "");
        await redis.StartAsync();
        var line = await RefusalAsync(new() { ["Redis:ConnectionString"] = redis.ConnectionString });

        Assert.Equal(
            $"PresenceHub cannot start: Redis:ConnectionString names a server without the command {command}",
            line
        );
    }

    /// <summary>Levels as the hub and the embedded store print them.</summary>
    [GeneratedRegex(@"\b(warn|fail|crit|error): ")]
    private static partial Regex Worse();

    /// <summary>The one line that a start with these settings in place of the good ones ends with.</summary>
    private static async Task<string> RefusalAsync(Dictionary<string, string> changed)
    {
        var settings = new Dictionary<string, string>(Production);
        foreach (var (setting, value) in changed)
        {
            settings[setting.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var (exitCode, output) = await HubServer.RunToEndInProcessAsync(settings);

        Assert.Equal(78, exitCode);
        Assert.DoesNotContain("never printed", output, StringComparison.Ordinal);
        return Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
