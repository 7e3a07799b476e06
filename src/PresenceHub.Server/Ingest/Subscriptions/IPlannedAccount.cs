using System.Collections.Frozen;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>What the plan has to know of an account.</summary>
internal interface IPlannedAccount
{
    FrozenSet<SubjectId> Covered { get; }

    /// <summary>False while its sign-in has ended.</summary>
    bool CanHold { get; }

    /// <summary>Its last attempts failed.</summary>
    bool IsFailing { get; }
}
