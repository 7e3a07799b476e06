namespace PresenceHub.GraphEmulator.Faults;

/// <summary>Faults of notifications. Each number is the share (0 to 1) of notifications with the fault.</summary>
internal sealed record NotificationFaults
{
    public double Lose { get; init; }

    public double Duplicate { get; init; }

    public double Reorder { get; init; }

    public double Delay { get; init; }

    /// <summary>The longest delay; each delay is chosen at random up to it.</summary>
    public TimeSpan DelayUpTo { get; init; } = TimeSpan.FromMinutes(1);

    public double WrongClientState { get; init; }

    public double WrongPublisher { get; init; }

    public double WrongAudience { get; init; }

    public double ExpiredToken { get; init; }

    public double UnknownKey { get; init; }

    public double NoTokens { get; init; }

    public double BadSignature { get; init; }

    public double OldCertificateId { get; init; }
}
