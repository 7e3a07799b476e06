using System.Collections.Concurrent;
using PresenceHub.GraphEmulator.Faults;
using PresenceHub.GraphEmulator.Presences;
using PresenceHub.GraphEmulator.Requests;

namespace PresenceHub.GraphEmulator.Subscriptions;

/// <summary>
/// Decides whether another subscription is allowed: permission, the quota, and the faults after deletions.
/// </summary>
internal sealed class SubscriptionAdmission(
    SubscriptionBook book,
    PresenceBoard board,
    FaultSet faults,
    GraphEmulatorOptions options,
    TimeProvider time
)
{
    private readonly ConcurrentDictionary<SubscriptionOwner, DateTimeOffset> _deletedAt = new();

    // Both texts are those of Graph.
    public static readonly GraphError AlreadyThere = new(
        StatusCodes.Status409Conflict,
        "Conflict",
        "Operation: Create; Exception: [Status Code: Conflict; "
            + "Reason: A subscripton already exists. It must be deleted before a another can be made.]"
    );

    private static readonly GraphError NotAuthorized = new(
        StatusCodes.Status403Forbidden,
        "ExtensionError",
        "Operation: Create; Exception: [Status Code: Forbidden; Reason: The request is not authorized for this user or application.]"
    );

    public static GraphError? Authorize(GraphCaller caller) =>
        caller.IsDelegated && caller.HasAny("Presence.Read.All") ? null : NotAuthorized;

    public GraphError? Admit(Subscription wanted)
    {
        if (
            options.Switches.UnknownSubjectsFailSubscription
            && wanted.Resource.Subjects.Where(subject => !board.Exists(subject)).ToList() is { Count: > 0 } unknown
        )
        {
            return new GraphError(
                StatusCodes.Status500InternalServerError,
                "ExtensionError",
                $"Operation: Create; Exception: [Status Code: InternalServerError; Reason: Invalid users: {string.Join(',', unknown)}]"
            );
        }

        if (
            faults.Current.AfterDelete is { } trouble
            && _deletedAt.TryGetValue(wanted.Owner, out var deletedAt)
            && time.GetUtcNow() < deletedAt + trouble.For
        )
        {
            return trouble.Status == StatusCodes.Status409Conflict
                ? AlreadyThere
                : new GraphError(
                    trouble.Status,
                    "ExtensionError",
                    "There was an error processing a storage extension."
                );
        }

        var held = book.List(wanted.Owner);
        if (held.FirstOrDefault(other => other.Resource.Text == wanted.Resource.Text) is { } same)
        {
            return new GraphError(
                StatusCodes.Status409Conflict,
                "ObjectIdentifierInUse",
                $"Subscription Id {same.Id} already exists for the requested combination"
            );
        }

        return held.Count >= options.Limits.SubscriptionsPerAccount ? AlreadyThere : null;
    }

    public void NoteDeleted(SubscriptionOwner owner) => _deletedAt[owner] = time.GetUtcNow();
}
