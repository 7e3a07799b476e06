using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>A subject in the <see cref="PollSchedule"/>, which guards it.</summary>
internal sealed class PollEntry(SubjectId subject)
{
    public SubjectId Subject { get; } = subject;

    /// <summary>When it is to be read; meaningless while it is hot or in flight.</summary>
    public TimeSpan Due { get; set; }

    /// <summary>Grows with each new due time, so that the queue's older ones are known as void.</summary>
    public int Stamp { get; set; }

    public bool IsHot { get; set; }

    public bool IsInFlight { get; set; }

    /// <summary>It was asked for while it was in flight: what is on its way may be too old.</summary>
    public bool IsWantedAgain { get; set; }

    public bool IsRemoved { get; set; }

    public int Failures { get; set; }

    /// <summary>Until then it stays even when nobody is known to watch it.</summary>
    public TimeSpan KeptUntil { get; set; }
}
