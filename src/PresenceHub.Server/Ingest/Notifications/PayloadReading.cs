namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>What a decrypted notification says about the subject that its item names.</summary>
/// <param name="NamesAnother">It names another subject: it is not the payload of this item.</param>
/// <param name="Payload">Null when it has another shape than the documented one.</param>
internal readonly record struct PayloadReading(bool NamesAnother, PresencePayload? Payload);
