using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>A setting that is missing or wrong ends the start with one line that names it.</summary>
public sealed class StartupTests
{
    private static readonly Dictionary<string, string> Production = new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
        ["Redis__ConnectionString"] = "127.0.0.1:1",
        ["Graph__TenantId"] = "7e7a0000-0000-4000-8000-00000000c0de",
        ["Graph__ClientId"] = "c11e0000-0000-4000-8000-00000000c0de",
        ["Graph__ClientSecret"] = "never printed",
        ["Authentication__Authority"] = "https://login.microsoftonline.com/7e7a0000-0000-4000-8000-00000000c0de/v2.0",
        ["Authentication__Audience"] = "api://presence-hub",
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
    [InlineData("Authentication:Authority", "")]
    [InlineData("Authentication:Audience", "")]
    [InlineData("Polling:Period", "00:00:00")]
    public async Task Start_InProduction_SettingMissingOrWrong_IsNamedInOneLine(string setting, string value)
    {
        var settings = new Dictionary<string, string>(Production) { [setting.Replace(":", "__", StringComparison.Ordinal)] = value };

        var (exitCode, output) = await HubServer.RunToEndAsync(settings);

        Assert.Equal(78, exitCode);
        var line = Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(setting, line, StringComparison.Ordinal);
        Assert.DoesNotContain("never printed", output, StringComparison.Ordinal);
    }
}
