namespace PresenceHub.Client;

/// <summary>Attempts to connect. Written by the loop, read by any thread.</summary>
internal sealed class ConnectionAttempts
{
    private long _opened;
    private long _refused;
    private long _failed;

    public long Opened => Volatile.Read(ref _opened);

    public long Refused => Volatile.Read(ref _refused);

    public long Failed => Volatile.Read(ref _failed);

    public void AddOpened() => Interlocked.Increment(ref _opened);

    public void AddFailure(bool isRefusal)
    {
        if (isRefusal)
        {
            Interlocked.Increment(ref _refused);
        }
        else
        {
            Interlocked.Increment(ref _failed);
        }
    }
}
