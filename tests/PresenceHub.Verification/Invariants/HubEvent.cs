using PresenceHub.Contracts;

namespace PresenceHub.Verification.Invariants;

/// <summary>Something that happened to a running hub, at a time since the run began. The log of them is what invariants
/// are checked on.</summary>
internal abstract record HubEvent(TimeSpan At)
{
    /// <summary>Graph says so from now on.</summary>
    internal sealed record Wrote(TimeSpan At, string Id, string Availability, string Activity) : HubEvent(At);

    /// <summary>The store was found to hold this.</summary>
    internal sealed record Held(TimeSpan At, string Id, string Availability, string Activity) : HubEvent(At);

    /// <summary>A client asks to watch these, as of now.</summary>
    internal sealed record Asked(TimeSpan At, string Client, IReadOnlyCollection<string> Ids) : HubEvent(At);

    /// <summary>A call to watch was answered.</summary>
    internal sealed record Answered(TimeSpan At, string Client, WatchRequest Request, WatchResult Result)
        : HubEvent(At);

    /// <summary>A client has been told that it no longer watches these.</summary>
    internal sealed record Forgot(TimeSpan At, string Client, IReadOnlyCollection<string> Ids) : HubEvent(At);

    /// <summary>An entry came over a client's connection.</summary>
    internal sealed record Told(TimeSpan At, string Client, PresenceEntry Entry) : HubEvent(At);

    /// <summary>An entry was shown to the client's user.</summary>
    internal sealed record Shown(TimeSpan At, string Client, PresenceEntry Entry) : HubEvent(At);

    /// <summary>Faults may be on from now on.</summary>
    internal sealed record FaultsBegan(TimeSpan At) : HubEvent(At);

    /// <summary>A client's view after the faults: how long after the store it showed the same, or what it shows
    /// otherwise.</summary>
    internal sealed record Compared(TimeSpan At, string Client, TimeSpan Lag, string? Difference) : HubEvent(At);

    /// <summary>Faults are over and everything had its time to recover.</summary>
    internal sealed record Settled(TimeSpan At) : HubEvent(At);

    /// <summary>A node says that it cannot follow the store, so that it can vouch for nothing.</summary>
    internal sealed record NodeUnsure(TimeSpan At, string Node) : HubEvent(At);

    /// <summary>The run is over.</summary>
    internal sealed record Ended(TimeSpan At) : HubEvent(At);

    /// <summary>Graph answers no reads from now on.</summary>
    internal sealed record ReadsStopped(TimeSpan At) : HubEvent(At);

    /// <summary>Graph has not answered for long enough, and is about to again.</summary>
    internal sealed record ReadsReturn(TimeSpan At) : HubEvent(At);

    /// <summary>What a node said of itself.</summary>
    internal sealed record Sampled(
        TimeSpan At,
        string Node,
        double ResidentMegabytes,
        long OutboxPending,
        long NotificationsQueued
    ) : HubEvent(At);
}
