using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>A subject in the <see cref="PollSchedule"/>, which guards it.</summary>
internal sealed class PollEntry(SubjectId subject)
{
    public SubjectId Subject { get; } = subject;

    public Lease Lease { get; set; }

    public Knowledge Knowledge { get; set; }

    /// <summary>When it is to be read; meaningless while it waits in a lane or is in flight.</summary>
    public TimeSpan Due { get; set; }

    /// <summary>Grows with each new due time, so that the queue's older ones are known as void.</summary>
    public int Stamp { get; set; }

    /// <summary>Where it waits to be read soon.</summary>
    public PollLane? Lane { get; set; }

    public bool IsInFlight { get; set; }

    /// <summary>It was asked for while it was in flight: what is on its way may be too old.</summary>
    public bool IsWantedAgain { get; set; }

    public bool IsRemoved { get; set; }

    /// <summary>It is read alone, when its time has come and not before.</summary>
    public bool IsQuarantined { get; set; }

    public int Failures { get; set; }

    /// <summary>When Graph answered for it; null before it did.</summary>
    public TimeSpan? ReadAt { get; set; }

    /// <summary>Reads in a row that did not know it.</summary>
    public int UnknownReads { get; set; }

    /// <summary>Store time (µs) of the reading that did not know it and was not stored, since no lease had been read
    /// yet.</summary>
    public long? UnstoredSince { get; set; }

    /// <summary>Until then its lease stays although none is read.</summary>
    public TimeSpan KeptUntil { get; set; } = TimeSpan.MinValue;
}
