using System.Collections.Concurrent;

namespace PresenceHub.GraphEmulator.Tokens;

/// <summary>
/// Generations of an account's (or application's) tokens: a revocation starts a new one and all older tokens are dead.
/// A count, not a time: issue times are whole seconds, and a token issued right after a revocation is good.
/// </summary>
internal sealed class Revocations
{
    private readonly ConcurrentDictionary<Guid, int> _generations = new();

    public int GenerationOf(Guid id) => _generations.GetValueOrDefault(id);

    public void Revoke(Guid id) => _generations.AddOrUpdate(id, 1, static (_, generation) => generation + 1);
}
