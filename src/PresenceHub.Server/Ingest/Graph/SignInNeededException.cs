namespace PresenceHub.Server.Ingest.Graph;

/// <summary>An account's sign-in has ended: only a person can renew it.</summary>
internal sealed class SignInNeededException(Exception? inner = null)
    : Exception("The account has to sign in again", inner);
