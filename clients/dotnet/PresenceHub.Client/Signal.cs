using System.Threading.Channels;

namespace PresenceHub.Client;

/// <summary>Wakes one loop. Set twice before the loop looks, it wakes the loop once.</summary>
internal sealed class Signal
{
    // A full channel wakes the loop already, so a further write adds nothing.
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    private volatile bool _isWaiting;

    /// <summary>The loop waits, and has nothing to wake for.</summary>
    public bool IsIdle => _isWaiting && _channel.Reader.Count == 0;

    public void Set() => _channel.Writer.TryWrite(true);

    public void Close() => _channel.Writer.TryComplete();

    /// <summary>False when the signal is closed and has nothing left to say.</summary>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            _isWaiting = true;
            if (!await _channel.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }
        finally
        {
            _isWaiting = false;
        }

        return _channel.Reader.TryRead(out _);
    }
}
