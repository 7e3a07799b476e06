using System.Collections.Concurrent;

namespace PresenceHub.GraphEmulator.Tokens;

/// <summary>
/// Generations of the tokens of an account or application. A revocation starts a new generation, which invalidates all
/// older tokens. It is a count and not a time, because issue times are whole seconds and a token that is issued right
/// after a revocation is valid.
/// </summary>
internal sealed class Revocations
{
    private readonly ConcurrentDictionary<Guid, int> _generations = new();

    public int GenerationOf(Guid id) => _generations.GetValueOrDefault(id);

    public void Revoke(Guid id) => _generations.AddOrUpdate(id, 1, static (_, generation) => generation + 1);
}
