using PresenceHub.Development;

namespace PresenceHub.Testing;

/// <summary>The store that the server embeds in Development if no Redis is configured.</summary>
public sealed class EmbeddedStoreServer : IDisposable
{
    private readonly EmbeddedStore _store = new();

    public string ConnectionString => _store.ConnectionString;

    public void Restart() => _store.Restart();

    public void Dispose() => _store.Dispose();
}
