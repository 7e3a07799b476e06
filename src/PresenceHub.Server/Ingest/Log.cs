namespace PresenceHub.Server.Ingest;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "Node {NodeId} reads Graph from now on")]
    public static partial void BecameLeader(this ILogger logger, string nodeId);

    [LoggerMessage(1002, LogLevel.Information, "Node {NodeId} no longer reads Graph")]
    public static partial void NoLongerLeader(this ILogger logger, string nodeId);

    [LoggerMessage(1003, LogLevel.Warning, "Cannot acquire or renew the leader lease ({Reason}); retrying")]
    public static partial void LeaseUnreachable(this ILogger logger, string reason);

    [LoggerMessage(
        1004,
        LogLevel.Information,
        "The lease to read Graph was not released ({Reason}); it expires by itself"
    )]
    public static partial void LeaseNotReleased(this ILogger logger, string reason);

    [LoggerMessage(1010, LogLevel.Warning, "Presence cannot be read or stored ({Reason}); retrying")]
    public static partial void PresenceNotRead(this ILogger logger, string reason);

    [LoggerMessage(1011, LogLevel.Information, "Presence is read and stored again")]
    public static partial void PresenceReadRecovered(this ILogger logger);

    [LoggerMessage(
        1012,
        LogLevel.Warning,
        "Cannot read what is watched ({Reason}); continuing with the known subjects"
    )]
    public static partial void InterestNotRead(this ILogger logger, string reason);

    [LoggerMessage(1013, LogLevel.Debug, "Cannot subscribe to requests to refresh subjects ({Reason}); retrying")]
    public static partial void RefreshRequestsNotFollowed(this ILogger logger, string reason);

    [LoggerMessage(
        1020,
        LogLevel.Information,
        "Presence subscriptions are disabled ({Reason}); presence is only polled"
    )]
    public static partial void SubscriptionsDisabled(this ILogger logger, string reason);

    [LoggerMessage(
        1021,
        LogLevel.Information,
        "Created subscription {SubscriptionId} for {Subjects} subjects; it expires at {ExpiresAt:O}"
    )]
    public static partial void SubscriptionCreated(
        this ILogger logger,
        Guid subscriptionId,
        int subjects,
        DateTimeOffset expiresAt
    );

    [LoggerMessage(1022, LogLevel.Information, "Adopted subscription {SubscriptionId} of an earlier term")]
    public static partial void SubscriptionAdopted(this ILogger logger, Guid subscriptionId);

    [LoggerMessage(1023, LogLevel.Debug, "Renewed subscription {SubscriptionId}; it expires at {ExpiresAt:O}")]
    public static partial void SubscriptionRenewed(this ILogger logger, Guid subscriptionId, DateTimeOffset expiresAt);

    [LoggerMessage(
        1024,
        LogLevel.Warning,
        "Cannot maintain the presence subscription ({Reason}); its subjects are polled until a retry succeeds"
    )]
    public static partial void SubscriptionFailed(this ILogger logger, string reason);

    [LoggerMessage(1025, LogLevel.Information, "The presence subscription is maintained again")]
    public static partial void SubscriptionRecovered(this ILogger logger);

    [LoggerMessage(
        1026,
        LogLevel.Information,
        "Received lifecycle event {LifecycleEvent} for subscription {SubscriptionId}"
    )]
    public static partial void LifecycleEvent(
        this ILogger logger,
        Ingest.LifecycleEvent lifecycleEvent,
        Guid subscriptionId
    );

    [LoggerMessage(1027, LogLevel.Error, "Maintaining the presence subscriptions failed; retrying")]
    public static partial void SubscriptionMaintenanceFailed(this ILogger logger, Exception exception);

    [LoggerMessage(
        1028,
        LogLevel.Warning,
        "Subscription {SubscriptionId} sends nothing while polls find changes; recreating it"
    )]
    public static partial void SubscriptionSilent(this ILogger logger, Guid subscriptionId);

    [LoggerMessage(1029, LogLevel.Warning, "Graph refuses {Subjects} subjects in a subscription; they are polled")]
    public static partial void SubjectsRefused(this ILogger logger, int subjects);

    [LoggerMessage(1030, LogLevel.Warning, "Cannot process notifications ({Reason}); the queued ones are retried")]
    public static partial void NotificationsNotProcessed(this ILogger logger, string reason);

    [LoggerMessage(1044, LogLevel.Information, "Notifications are processed again")]
    public static partial void NotificationsRecovered(this ILogger logger);

    [LoggerMessage(
        1031,
        LogLevel.Error,
        "The sign-in of a delegated account has ended; connect it again. Its subjects move to other accounts or are polled"
    )]
    public static partial void SignInNeeded(this ILogger logger);

    [LoggerMessage(
        1032,
        LogLevel.Warning,
        "Cannot read the delegated accounts ({Reason}); continuing with the known ones"
    )]
    public static partial void AccountsNotRead(this ILogger logger, string reason);

    [LoggerMessage(
        1033,
        LogLevel.Debug,
        "Cannot subscribe to lifecycle and notification reports of other nodes ({Reason}); retrying"
    )]
    public static partial void NoticesNotFollowed(this ILogger logger, string reason);

    [LoggerMessage(1040, LogLevel.Information, "An administrator connected a delegated account")]
    public static partial void AccountConnected(this ILogger logger);

    [LoggerMessage(1041, LogLevel.Information, "An administrator removed a delegated account")]
    public static partial void AccountRemoved(this ILogger logger);

    [LoggerMessage(1042, LogLevel.Warning, "The authority did not sign a delegated account in ({Reason})")]
    public static partial void AccountNotConnected(this ILogger logger, string reason);

    [LoggerMessage(
        1043,
        LogLevel.Warning,
        "Cannot delete the subscription of a removed account ({Reason}); it expires within the hour"
    )]
    public static partial void SubscriptionNotDeleted(this ILogger logger, string reason);

    [LoggerMessage(1060, LogLevel.Information, "Stored a key for the notification URL; new subscriptions use it")]
    public static partial void WebhookKeyStored(this ILogger logger);

    [LoggerMessage(
        1080,
        LogLevel.Information,
        "Subscriptions of the previous version exist; the notification path without a segment is open until {Until}"
    )]
    public static partial void FormerSubscriptionsAccepted(this ILogger logger, DateTimeOffset until);

    [LoggerMessage(1061, LogLevel.Warning, "Cannot read the key of the notification URL ({Reason}); retrying")]
    public static partial void WebhookKeyNotRead(this ILogger logger, string reason);

    [LoggerMessage(
        1070,
        LogLevel.Warning,
        "DataProtection:CertificatePath is not set: the keys that seal the tokens of connected accounts are "
            + "unencrypted in Redis, and everyone who can read Redis can read these tokens"
    )]
    public static partial void ProtectionKeysNotEncrypted(this ILogger logger);

    [LoggerMessage(1071, LogLevel.Error, "{Problem}. Until then this node cannot decrypt the secrets of other nodes")]
    public static partial void ProtectionKeysNotDecrypted(this ILogger logger, string problem);

    [LoggerMessage(
        1050,
        LogLevel.Warning,
        "Graph refuses every read of {Subjects} subjects; each is read alone, again with growing delay"
    )]
    public static partial void SubjectsQuarantined(this ILogger logger, int subjects);
}
