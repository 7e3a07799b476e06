using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// An item that belongs to a subscription of the hub and carries a presence that is not verified yet.
/// </summary>
internal readonly record struct RichNotification(SubjectId Subject, EncryptedContent Content);
