namespace PresenceHub.Client;

/// <summary>The application's token source has failed, rather than the hub or the connection to it.</summary>
internal sealed class TokenSourceException(Exception cause)
    : Exception($"{nameof(PresenceClientOptions.AccessTokenFactory)} gives no token: {cause.Message}", cause);
