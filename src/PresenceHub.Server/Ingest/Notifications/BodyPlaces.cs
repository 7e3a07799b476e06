namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>Limits how many bodies are read at the same time, and how many of them may be long.</summary>
internal sealed class BodyPlaces(int all, int longOnes) : IDisposable
{
    public SemaphoreSlim All { get; } = new(all);

    public SemaphoreSlim Long { get; } = new(longOnes);

    public void Dispose()
    {
        All.Dispose();
        Long.Dispose();
    }
}
