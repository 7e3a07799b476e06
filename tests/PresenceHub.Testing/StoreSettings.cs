using PresenceHub.Server.Control;
using PresenceHub.Server.Store;

namespace PresenceHub.Testing;

/// <summary>What the nodes of one hub have in common.</summary>
internal sealed record StoreSettings(RedisNames Names, StoreOptions Options);
