using PresenceHub.Server.Hosting;

namespace PresenceHub.Server.Tests.Hosting;

public sealed class ServerArgumentsTests
{
    [Theory]
    [InlineData("--urls", "http://*:8080", "--check-health")]
    [InlineData("--Polling:Period=00:00:30", "/Graph:Mode", "Tenant", "Store:Partitions=4")]
    [InlineData("--environment=Production", "--contentRoot", "/app", "--AllowedHosts", "*")]
    [InlineData("--Logging:LogLevel:Default", "Debug")]
    [InlineData("--Graph:ClientSecret", "--looks-like-an-argument")]
    public void FindUnknown_CommandsAndSettings_FindsNothing(params string[] args)
    {
        Assert.Null(ServerArguments.FindUnknown(args));
    }

    [Theory]
    [InlineData("--verbose", "--verbose")]
    [InlineData("--verbose=true", "--verbose=true")]
    [InlineData("start", "start")]
    [InlineData("-x", "-x")]
    [InlineData("--urls", "--urls")]
    [InlineData("--Polling:Period", "--Polling:Period")]
    [InlineData("Polling:Period", "Polling:Period", "00:00:30")]
    [InlineData("extra", "--urls", "http://*:8080", "extra")]
    public void FindUnknown_AnythingElse_IsNamed(string expected, params string[] args)
    {
        Assert.Equal(expected, ServerArguments.FindUnknown(args));
    }
}
