using Microsoft.AspNetCore.SignalR;

namespace PresenceHub.Client.Tests;

public sealed class PresenceHubExceptionTests
{
    [Theory]
    [InlineData("An unexpected error occurred invoking 'Watch' on the server. HubException: limitExceeded: at most 1,000: ids", "limitExceeded", "at most 1,000: ids")]
    [InlineData("unavailable: the store is away", "unavailable", "the store is away")]
    [InlineData("An unexpected error occurred invoking 'Watch' on the server.", null, "An unexpected error occurred invoking 'Watch' on the server.")]
    [InlineData("Failed to invoke 'Watch' due to an error: bad", null, "Failed to invoke 'Watch' due to an error: bad")]
    public void From_HubMessage_HasCodeAndText(string message, string? code, string text)
    {
        var exception = PresenceHubException.From(new HubException(message));
        Assert.Equal(code, exception.Code);
        Assert.Equal(text, exception.Message);
    }
}
