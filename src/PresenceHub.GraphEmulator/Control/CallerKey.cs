namespace PresenceHub.GraphEmulator.Control;

/// <summary>The caller of counted requests; without an application, the unknown caller.</summary>
internal readonly record struct CallerKey(Guid? ApplicationId, Guid? AccountId);
