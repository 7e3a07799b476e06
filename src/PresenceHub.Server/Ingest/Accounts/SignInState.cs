using System.Text.Json.Serialization;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>
/// Connects the callback from the authority with the sign-in that was begun. It grants no access: the authority, the
/// history of the browser and logs of proxies see it.
/// </summary>
[method: JsonConstructor]
internal readonly record struct SignInState(string Value)
{
    public static SignInState Create() => new(OneTimeSecret.Create());
}
