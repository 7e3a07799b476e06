namespace PresenceHub.Fleet.Connections;

/// <summary>Slows the receive loop of one connection down, or stops it.</summary>
internal sealed class ReceivePace(int bytesPerSecond, TimeProvider time)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _limited;
    private volatile bool _stopped;

    /// <summary>Read at full speed until this is called, so that the connection gets established.</summary>
    public void Limit() => _limited = true;

    /// <summary>Read nothing from now on, until the connection ends.</summary>
    public void Stop() => _stopped = true;

    /// <summary>The connection is over: nothing waits any longer.</summary>
    public void End() => _ended.TrySetResult();

    /// <summary>Most bytes to take from the socket next.</summary>
    public int NextReadBytes(int bufferBytes) => _limited ? Math.Clamp(bytesPerSecond, 1, bufferBytes) : bufferBytes;

    /// <summary>Waits as long as <paramref name="receivedBytes"/> take at this pace.</summary>
    public async ValueTask WaitAsync(int receivedBytes)
    {
        if (_stopped)
        {
            await _ended.Task.ConfigureAwait(false);
        }
        else if (_limited && receivedBytes > 0)
        {
            var pause = Task.Delay(TimeSpan.FromSeconds((double)receivedBytes / bytesPerSecond), time);
            await Task.WhenAny(pause, _ended.Task).ConfigureAwait(false);
        }
    }
}
