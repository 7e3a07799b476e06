namespace PresenceHub.Server.Ingest.Notifications;

/// <param name="Id">The subject's id.</param>
/// <param name="ODataId">The subject's address, such as <c>users/{id}/presence</c>.</param>
internal sealed record ChangedResource(string? Id, string? ODataId = null);
