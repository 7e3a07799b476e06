namespace PresenceHub.Server.Hosting;

/// <summary>Faults of the simulated Graph. Absent ones stay as they are.</summary>
/// <param name="GraphIsAway">Graph refuses reads of presence and subscriptions, and posts nothing.</param>
/// <param name="NotificationsAreLost">Graph posts no notifications.</param>
internal sealed record PlaygroundFaults(bool? GraphIsAway, bool? NotificationsAreLost);
