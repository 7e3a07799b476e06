namespace PresenceHub.GraphEmulator.Control;

/// <summary>Whom requests are counted for; without an application: nobody known.</summary>
internal readonly record struct CallerKey(Guid? ApplicationId, Guid? AccountId);
