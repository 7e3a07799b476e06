namespace PresenceHub.Server.Hosting;

/// <summary>What the page at <c>/playground/</c> can change, and what to expect of a change.</summary>
/// <param name="GraphIsAway">Whether Graph refuses reads of presence and subscriptions, and posts nothing.</param>
/// <param name="NotificationsAreLost">Whether Graph posts no notifications.</param>
/// <param name="CanRestartStore">Whether the store runs in this process.</param>
/// <param name="PollingSeconds">Time within which every watched subject is read once; null when nothing is
/// polled.</param>
/// <param name="StaleAfterSeconds">Time without a confirmation after which presence is stale.</param>
internal sealed record PlaygroundState(
    bool GraphIsAway,
    bool NotificationsAreLost,
    bool CanRestartStore,
    double? PollingSeconds,
    double StaleAfterSeconds
);
