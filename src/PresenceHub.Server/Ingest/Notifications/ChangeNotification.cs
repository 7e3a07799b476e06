using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>One item of a POST from Graph, change or lifecycle. Nothing in it is believed before it was
/// verified.</summary>
internal sealed record ChangeNotification(
    string? SubscriptionId,
    string? ClientState,
    string? TenantId,
    string? LifecycleEvent,
    ChangedResource? ResourceData,
    EncryptedContent? EncryptedContent
)
{
    /// <summary>What changed, as a path. Null when it is the list of a whole subscription.</summary>
    public string? Resource { get; init; }

    /// <summary>The item names its subject where the documentation says, so its content can be bound to it.</summary>
    public bool IsOfDocumentedShape => SubjectId.TryParse(ResourceData?.Id, out _);

    /// <summary>The subject by its id, else by its address, else by the resource. False when they name none.</summary>
    public bool TryGetSubject(out SubjectId subject)
    {
        if (SubjectId.TryParse(ResourceData?.Id, out subject))
        {
            return true;
        }

        if (SubjectText.AllIn(ResourceData?.ODataId) is [.., var addressed])
        {
            // The id of a tenant may come before that of the user.
            subject = addressed;
            return true;
        }

        if (SubjectText.AllIn(Resource) is [var only])
        {
            subject = only;
            return true;
        }

        return false;
    }
}
