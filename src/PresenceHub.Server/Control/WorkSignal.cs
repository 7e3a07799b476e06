using System.Threading.Channels;

namespace PresenceHub.Server.Control;

/// <summary>Tells one loop that there is work. However often it is set before the loop looks, the loop runs
/// once.</summary>
internal sealed class WorkSignal
{
    private readonly Channel<bool> _set = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public void Set() => _set.Writer.TryWrite(true);

    /// <summary>Waits until the signal is set, and resets it.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => await _set.Reader.ReadAsync(cancellationToken);

    /// <summary>Resets the signal: the work that begins now covers what it was set for.</summary>
    public void Reset() => _set.Reader.TryRead(out _);
}
