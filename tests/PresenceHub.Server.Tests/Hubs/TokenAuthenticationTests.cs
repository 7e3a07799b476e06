using PresenceHub.Server.Hubs;

namespace PresenceHub.Server.Tests.Hubs;

public sealed class TokenAuthenticationTests
{
    private const string ClientId = "c11e0000-0000-4000-8000-00000000c0de";

    [Theory]
    [InlineData("C11E0000-0000-4000-8000-00000000C0DE")]
    [InlineData("{c11e0000-0000-4000-8000-00000000c0de}")]
    [InlineData("api://C11E0000-0000-4000-8000-00000000c0de")]
    public void AudiencesOf_ClientIdInAnyForm_AreBothFormsThatTokensCarry(string setting)
    {
        Assert.Equal([ClientId, $"api://{ClientId}"], TokenAuthentication.AudiencesOf(setting));
    }

    [Fact]
    public void AudiencesOf_ApplicationIdUri_IsThatAlone()
    {
        Assert.Equal(["api://Presence-Hub"], TokenAuthentication.AudiencesOf("api://Presence-Hub"));
    }

    [Fact]
    public void ReasonOf_AnswerOfAStrangeServer_IsTheStartOfItsFirstLine()
    {
        var answer = new IOException($"Answered '{new string('x', 5000)}'");

        Assert.Equal(200, AuthorityKeys.ReasonOf(new InvalidOperationException("No configuration", answer)).Length);
        Assert.Equal("Answered", AuthorityKeys.ReasonOf(new IOException("Answered\r\n<html>")));
    }

    [Theory]
    [InlineData("IDX10214: Audience validation failed.", "IDX10214")]
    [InlineData("IDXsecret: something", "InvalidOperationException")]
    [InlineData("Something else", "InvalidOperationException")]
    public void CodeOf_Failure_IsTheLibraryCodeOrTheType(string message, string expected)
    {
        Assert.Equal(expected, Authority.CodeOf(new InvalidOperationException(message)));
    }
}
