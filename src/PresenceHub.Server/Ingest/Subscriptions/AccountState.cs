using System.Collections.Frozen;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>What the plan needs to know of an account.</summary>
/// <param name="CanHold">False while its sign-in has ended.</param>
/// <param name="IsFailing">Its last attempts failed.</param>
internal readonly record struct AccountState(FrozenSet<SubjectId> Covered, bool CanHold, bool IsFailing);
