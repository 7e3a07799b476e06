namespace PresenceHub.Server.Hosting;

/// <summary>A person of the simulated tenant.</summary>
/// <param name="Id">The object id.</param>
/// <param name="DisplayName">The name to show.</param>
/// <param name="Department">The department.</param>
internal sealed record DevelopmentPerson(string? Id, string? DisplayName, string? Department);
