using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>Creates the <see cref="AccountSubscription"/> of an account for one term.</summary>
internal sealed class AccountSubscriptionFactory(
    GraphSubscriptionsFactory graph,
    SubscriptionRegistry registry,
    RefusedSubjects refused,
    IOptions<SubscriptionOptions> options,
    IOptions<NotificationOptions> notifications,
    SubscriptionTelemetry telemetry,
    TimeProvider time
)
{
    public AccountSubscription Create(GraphAccount account)
    {
        var pace = new RecreatePace(notifications.Value.MinRecreateInterval, options.Value.RecreateBatch);
        var held = new HeldSubscription(graph.Create(account), registry, refused, pace, telemetry, time);
        var failures = new AccountFailures(options.Value, telemetry, time);
        return new AccountSubscription(held, pace, failures, telemetry, time);
    }
}
