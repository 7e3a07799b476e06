using PresenceHub.Server.Ingest.Coverage;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>Counts and logs what happens to the subscriptions of all accounts.</summary>
internal sealed class SubscriptionTelemetry(IngestMetrics metrics, ILogger<SubscriptionTelemetry> logger)
{
    public void Created(SubscriptionRecord record)
    {
        metrics.Subscription("created");
        logger.SubscriptionCreated(record.Id, record.Subjects.Count, record.ExpiresAt);
    }

    public void Adopted(Guid subscriptionId)
    {
        metrics.Subscription("adopted");
        logger.SubscriptionAdopted(subscriptionId);
    }

    public void Renewed(SubscriptionRecord record)
    {
        metrics.Subscription("renewed");
        logger.SubscriptionRenewed(record.Id, record.ExpiresAt);
    }

    public void Silent(Guid subscriptionId)
    {
        metrics.Subscription("silent");
        logger.SubscriptionSilent(subscriptionId);
    }

    public void SubjectsRefused(int count) => logger.SubjectsRefused(count);

    public void LifecycleEvent(LifecycleNotice notice) => logger.LifecycleEvent(notice.Event, notice.SubscriptionId);

    /// <summary>Counts each failed attempt and logs the first one in a row.</summary>
    public void Failed(Exception exception, bool isFirst)
    {
        metrics.Subscription("failed");
        if (isFirst)
        {
            logger.SubscriptionFailed(FailureReason.Of(exception));
        }
    }

    /// <summary>Counts each attempt without a sign-in and logs the first one.</summary>
    public void SignInNeeded(bool isFirst)
    {
        metrics.Subscription("failed");
        if (isFirst)
        {
            logger.SignInNeeded();
        }
    }

    public void Recovered() => logger.SubscriptionRecovered();
}
