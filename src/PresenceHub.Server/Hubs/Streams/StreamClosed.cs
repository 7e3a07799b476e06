using PresenceHub.Contracts;

namespace PresenceHub.Server.Hubs.Streams;

/// <summary>Tells a client why its stream ends.</summary>
/// <param name="Code">One of <see cref="ErrorCode"/>.</param>
/// <param name="Detail">What is wrong, for a person.</param>
internal sealed record StreamClosed(string Code, string Detail);
