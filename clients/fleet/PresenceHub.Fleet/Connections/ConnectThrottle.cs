namespace PresenceHub.Fleet.Connections;

/// <summary>Bounds how many connections are being established at once; the others wait their turn, first come, first served.</summary>
internal sealed class ConnectThrottle(int mostAtOnce) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(mostAtOnce);

    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> connect, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await connect(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();
}
