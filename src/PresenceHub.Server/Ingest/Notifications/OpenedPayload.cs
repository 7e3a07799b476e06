using PresenceHub.Server.Store;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>A verified presence from a notification, and by what it is known when it comes again.</summary>
internal readonly record struct OpenedPayload(Observation Observation, UInt128 Fingerprint);
