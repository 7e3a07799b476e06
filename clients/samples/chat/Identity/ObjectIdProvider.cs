using Microsoft.AspNetCore.SignalR;

namespace PresenceHub.ChatSample.Identity;

/// <summary>A user is the object id in the token, as it is for the presence hub.</summary>
internal sealed class ObjectIdProvider : IUserIdProvider
{
    public const string Claim = "oid";

    public string? GetUserId(HubConnectionContext connection) =>
        connection.User.FindFirst(Claim)?.Value.ToLowerInvariant();
}
