using PresenceHub.Fleet.Hub;

namespace PresenceHub.Fleet.Tests.Hub;

public sealed class CallResultTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData(
        "An unexpected error occurred invoking 'Watch' on the server. HubException: unavailable: try later",
        "unavailable"
    )]
    [InlineData("limitExceeded: too many", "limitExceeded")]
    [InlineData("Failed to invoke 'Watch' due to an error on the server.", "error")]
    public void Code_ErrorOfSignalR_IsTheStableCode(string? error, string? code) =>
        Assert.Equal(code, new CallResult(error, null).Code);
}
