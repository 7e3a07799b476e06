using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Graph;

public sealed class SubscriptionAvailabilityTests
{
    [Theory]
    [InlineData(true, "https://hub.example", null)]
    [InlineData(true, "", "Graph:NotificationUrl is not set")]
    [InlineData(true, null, "Graph:NotificationUrl is not set")]
    [InlineData(false, "https://hub.example", "Notifications:Enabled is false")]
    public void DisabledReason_Settings_NamesTheOneThatDisablesSubscriptions(bool enabled, string? url, string? reason)
    {
        var availability = new SubscriptionAvailability(
            Options.Create(new GraphOptions { NotificationUrl = url }),
            Options.Create(new NotificationOptions { Enabled = enabled })
        );
        Assert.Equal(reason, availability.DisabledReason);
        Assert.Equal(reason is null, availability.IsAvailable);
    }
}
