namespace PresenceHub.Verification.Model;

/// <summary>A write, as the store announced it.</summary>
internal record struct Announcement(byte Subject, byte Epoch, byte Offset, byte Clock, Entry Entry);
