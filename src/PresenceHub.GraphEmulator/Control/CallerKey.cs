namespace PresenceHub.GraphEmulator.Control;

/// <summary>The caller that requests are counted for; without an application, the unknown caller.</summary>
internal readonly record struct CallerKey(Guid? ApplicationId, Guid? AccountId);
