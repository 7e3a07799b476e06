using PresenceHub.GraphEmulator.Notifications;

namespace PresenceHub.GraphEmulator.Control;

/// <summary>Everything counted since the start.</summary>
internal sealed record CounterReport(
    long PresenceChanges,
    IReadOnlyList<CallerReport> Callers,
    int LiveSubscriptions,
    IReadOnlyDictionary<Guid, int> MostSubscriptionsPerAccount,
    NotificationTotals Notifications
);
