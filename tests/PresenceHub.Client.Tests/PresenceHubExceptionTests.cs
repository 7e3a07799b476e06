using Microsoft.AspNetCore.SignalR;

namespace PresenceHub.Client.Tests;

public sealed class PresenceHubExceptionTests
{
    [Theory]
    [InlineData(
        "An unexpected error occurred invoking 'Watch' on the server. HubException: limitExceeded: at most 1,000: ids",
        "limitExceeded",
        "at most 1,000: ids"
    )]
    [InlineData("unavailable: the store is away", "unavailable", "the store is away")]
    [InlineData(
        "An unexpected error occurred invoking 'Watch' on the server.",
        null,
        "An unexpected error occurred invoking 'Watch' on the server."
    )]
    [InlineData("Failed to invoke 'Watch' due to an error: bad", null, "Failed to invoke 'Watch' due to an error: bad")]
    public void From_HubMessage_HasCodeAndText(string message, string? code, string text)
    {
        var exception = PresenceHubException.From(new HubException(message));
        Assert.Equal(code, exception.Code);
        Assert.Equal(text, exception.Message);
    }

    [Theory]
    [InlineData("An unexpected error occurred. HubException: unavailable: too many calls; retry after 250 ms", 250.0)]
    [InlineData("unavailable: busy; retry after 99999999999999999999 ms", 600_000.0)]
    [InlineData("unavailable: busy", null)]
    [InlineData("unavailable: retry after 250 ms or not; who knows", null)]
    [InlineData("limitExceeded: too many ids; retry after 250 ms", null)]
    public void From_HubMessage_HasTheWaitAtItsEnd(string message, double? milliseconds) =>
        Assert.Equal(milliseconds, PresenceHubException.From(new HubException(message)).RetryAfter?.TotalMilliseconds);
}
