namespace PresenceHub.Server.Ingest.Graph;

internal enum GraphMode
{
    /// <summary>The project's own emulator: development, tests and demonstrations.</summary>
    Emulator,

    /// <summary>Microsoft Graph for one tenant.</summary>
    Tenant,
}
