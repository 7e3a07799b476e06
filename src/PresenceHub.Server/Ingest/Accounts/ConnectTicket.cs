namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>
/// Lets a browser begin to connect an account without another sign-in. Only the administrator receives it.
/// </summary>
internal readonly record struct ConnectTicket(string Value)
{
    public static ConnectTicket Create() => new(OneTimeSecret.Create());
}
