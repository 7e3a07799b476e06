using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Server.Tests.Ingest.Subscriptions;

public sealed class ClientStateTests
{
    [Fact]
    public void Matches_SameText_IsTrue() => Assert.True(ClientState.Matches(ClientState.Hash("secret"), "secret"));

    [Theory]
    [InlineData("Secret")]
    [InlineData("secre")]
    [InlineData("")]
    [InlineData(null)]
    public void Matches_OtherText_IsFalse(string? sent) =>
        Assert.False(ClientState.Matches(ClientState.Hash("secret"), sent));

    [Fact]
    public void Matches_UnknownSubscription_IsFalse() => Assert.False(ClientState.Matches(null, "secret"));

    [Fact]
    public void Matches_NothingSentForAnEmptySecret_IsFalse() =>
        Assert.False(ClientState.Matches(ClientState.Hash(string.Empty), null));
}
