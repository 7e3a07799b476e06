using PresenceHub.Server.Store;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>A verified presence from a notification, and the fingerprint that identifies a repeated payload.</summary>
internal readonly record struct OpenedPayload(Observation Observation, UInt128 Fingerprint);
