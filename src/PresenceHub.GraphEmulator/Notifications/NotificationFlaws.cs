namespace PresenceHub.GraphEmulator.Notifications;

/// <summary>The intentional errors of one notification.</summary>
[Flags]
internal enum NotificationFlaws
{
    None = 0,
    WrongClientState = 1,
    WrongPublisher = 2,
    WrongAudience = 4,
    ExpiredToken = 8,
    UnknownKey = 16,
    NoTokens = 32,
    BadSignature = 64,
    OldCertificateId = 128,
}
