namespace PresenceHub.Server.Control;

/// <summary>Metadata of an endpoint whose refusals are audited.</summary>
/// <param name="Name">The fixed name of the act, such as <c>account.remove</c>.</param>
internal sealed record AuditedAct(string Name);
