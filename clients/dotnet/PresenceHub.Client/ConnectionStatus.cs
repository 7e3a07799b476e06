using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>Where a <see cref="PresenceClient"/> stands with its hub, and why.</summary>
/// <param name="State">The state of the connection.</param>
/// <param name="Attempt">Failed attempts in a row.</param>
/// <param name="RetryIn">How long the client waits until it tries again; null while it tries.</param>
/// <param name="Error">
/// Why there is no connection; null while there is one. <see cref="ErrorCode.Unauthorized"/> and
/// <see cref="ErrorCode.TokenExpired"/> need another token, <see cref="ErrorCode.InvalidRequest"/> another address, and
/// <see cref="ErrorCode.LimitExceeded"/> that the user closes another connection, or that a message is smaller than the
/// hub takes: these are tried again once a minute. All other errors pass by themselves.
/// </param>
public sealed record ConnectionStatus(
    PresenceConnectionState State,
    int Attempt = 0,
    TimeSpan? RetryIn = null,
    PresenceHubException? Error = null
);
