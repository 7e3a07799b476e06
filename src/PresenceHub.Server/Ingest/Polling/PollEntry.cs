using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Coverage;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>A subject in the <see cref="PollSchedule"/>, which guards it.</summary>
internal sealed class PollEntry(SubjectId subject)
{
    public SubjectId Subject { get; } = subject;

    /// <summary>False: it is read once, for a caller that does not watch it.</summary>
    public bool IsWatched { get; set; }

    public Knowledge Knowledge { get; set; }

    /// <summary>When it is to be read; meaningless while it waits in a lane or is in flight.</summary>
    public TimeSpan Due { get; set; }

    /// <summary>Grows with each new due time, so that the queue's older ones are known as void.</summary>
    public int Stamp { get; set; }

    /// <summary>Where it waits to be read soon.</summary>
    public PollLane? Lane { get; set; }

    /// <summary>The lane from which it was taken into its page; null when it was taken because it was due.</summary>
    public PollLane? TakenFrom { get; set; }

    public bool IsInFlight { get; set; }

    /// <summary>A refresh was requested while it was in flight: what is on its way may be too old.</summary>
    public bool IsRefreshPending { get; set; }

    public bool IsRemoved { get; set; }

    /// <summary>It is read alone, when its time has come and not before.</summary>
    public bool IsQuarantined { get; set; }

    public int Failures { get; set; }

    /// <summary>When Graph answered for it; null before it did.</summary>
    public TimeSpan? ReadAt { get; set; }

    /// <summary>Reads in a row that did not know it.</summary>
    public int UnknownReads { get; set; }
}
