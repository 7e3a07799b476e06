using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>
/// One term of watching a subject: unwatching ends it, watching again begins a new one, so that a late answer to the
/// old term cannot speak for the new. Guarded by the lock of <see cref="WatchBook"/>.
/// </summary>
internal sealed class Subject(string id)
{
    public string Id { get; } = id;

    public PresenceEntry? Entry { get; set; }

    /// <summary>Number of the last link on which a Watch call answered for it; 0 before the first.</summary>
    public long AnsweredOn { get; set; }

    /// <summary>Number of the last link that told anything of it, pushed or answered.</summary>
    public long HeardOn { get; set; }

    /// <summary>When it was last pushed, in the count of pushes.</summary>
    public long LastPush { get; set; }

    /// <summary>Why it left the watch list without being asked to.</summary>
    public string? Rejection { get; set; }

    /// <summary>The failure of the call that should have watched it.</summary>
    public PresenceHubException? Failure { get; set; }

    public bool HasLeft { get; set; }

    /// <summary>Watches that have not ended.</summary>
    public int Holders { get; set; }

    /// <summary>Whether a cursor speaks for it. One that was merely pushed may have missed changes before its own
    /// Watch.</summary>
    public bool IsCovered => AnsweredOn != 0 && Entry is not null;
}
