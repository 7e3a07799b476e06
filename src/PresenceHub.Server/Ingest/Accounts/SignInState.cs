using System.Text.Json.Serialization;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>
/// Ties what comes back from the authority to a sign-in that was begun. The authority sees it, and so do the history
/// of the browser and the logs on the way: it opens nothing.
/// </summary>
[method: JsonConstructor]
internal readonly record struct SignInState(string Value)
{
    public static SignInState Create() => new(OneTimeSecret.Create());
}
