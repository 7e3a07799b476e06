using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// One item of a POST from Graph, a change or a lifecycle notification. Its content is not trusted until it is
/// verified.
/// </summary>
internal sealed record ChangeNotification(
    string? SubscriptionId,
    string? ClientState,
    string? TenantId,
    string? LifecycleEvent,
    ChangedResource? ResourceData,
    EncryptedContent? EncryptedContent
)
{
    /// <summary>The path of the changed resource. Null when it lists a whole subscription.</summary>
    public string? Resource { get; init; }

    /// <summary>
    /// Whether the item names its subject where the documentation says, so that its content can be bound to the
    /// subject.
    /// </summary>
    public bool IsOfDocumentedShape => SubjectId.TryParse(ResourceData?.Id, out _);

    /// <summary>
    /// Reads the subject from the id, otherwise from the address, otherwise from the resource. Returns false when none
    /// of them names a subject.
    /// </summary>
    public bool TryGetSubject(out SubjectId subject)
    {
        if (SubjectId.TryParse(ResourceData?.Id, out subject))
        {
            return true;
        }

        if (SubjectText.AllIn(ResourceData?.ODataId) is [.., var addressed])
        {
            // The id of a tenant may precede the id of the user.
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
