using System.Net.Sockets;
using System.Threading.Channels;

namespace PresenceHub.Testing.Proxies;

/// <summary>One direction of all connections of a proxy, and the fault that lies on it now.</summary>
internal sealed class Wire(Random random, Func<PubSubStream>? newStream = null)
{
    private const int ChunkBytes = 16 * 1024;

    /// <summary>What is under way on one connection; beyond it the sender is held up, as by a full TCP
    /// window.</summary>
    private const int MaxChunks = 64;

    private readonly Lock _gate = new();
    private WireFault _fault = WireFault.None;
    private TaskCompletionSource _changed = New();

    public WireFault Fault
    {
        get
        {
            lock (_gate)
            {
                return _fault;
            }
        }
        set
        {
            lock (_gate)
            {
                _fault = value;
                _changed.SetResult();
                _changed = New();
            }
        }
    }

    /// <summary>Forwards until the sender ends its stream, and then ends the receiver's.</summary>
    public async Task PumpAsync(Socket from, Socket to, CancellationToken cancellationToken)
    {
        var chunks = Channel.CreateBounded<(long DueAt, ReadOnlyMemory<byte> Bytes)>(MaxChunks);
        var reading = ReadAsync(from, chunks.Writer, cancellationToken);
        await foreach (var (dueAt, bytes) in chunks.Reader.ReadAllAsync(cancellationToken))
        {
            await WaitUntilAsync(dueAt, cancellationToken);
            await ForwardAsync(bytes, to, cancellationToken);
        }

        await reading;
        await ForwardAsync(default, to, cancellationToken);
        to.Shutdown(SocketShutdown.Send);
    }

    private async Task ReadAsync(
        Socket from,
        ChannelWriter<(long DueAt, ReadOnlyMemory<byte> Bytes)> chunks,
        CancellationToken cancellationToken
    )
    {
        var stream = newStream?.Invoke();
        var buffer = new byte[ChunkBytes];
        var dueAt = 0L;
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer, cancellationToken)) > 0)
            {
                var fault = Fault;
                var delay = fault.Latency + (fault.Jitter * Draw());
                dueAt = Math.Max(
                    dueAt,
                    TimeProvider.System.GetTimestamp()
                        + (delay.Ticks * TimeProvider.System.TimestampFrequency / TimeSpan.TicksPerSecond)
                );
                var bytes = stream is null ? buffer.AsSpan(0, count).ToArray() : stream.Pass(buffer.AsSpan(0, count));
                await chunks.WriteAsync((dueAt, bytes), cancellationToken);
            }

            chunks.Complete();
        }
        catch (Exception exception)
        {
            // The forwarding side meets it behind what came before.
            chunks.Complete(exception);
        }
    }

    private async Task ForwardAsync(ReadOnlyMemory<byte> bytes, Socket to, CancellationToken cancellationToken)
    {
        do
        {
            var fault = await WaitWhileSilentAsync(cancellationToken);
            var length = fault.SliceBytes > 0 ? Math.Min(fault.SliceBytes, bytes.Length) : bytes.Length;
            if (fault.BytesPerSecond > 0)
            {
                // A tenth of a second's worth at a time, so that a slow line is not one burst after the other.
                length = Math.Min(length, Math.Max(1, fault.BytesPerSecond / 10));
                await Task.Delay(
                    TimeSpan.FromSeconds((double)length / fault.BytesPerSecond),
                    TimeProvider.System,
                    cancellationToken
                );
            }

            for (var part = bytes[..length]; part.Length > 0; )
            {
                part = part[await to.SendAsync(part, cancellationToken)..];
            }

            bytes = bytes[length..];
        } while (bytes.Length > 0);
    }

    private async Task<WireFault> WaitWhileSilentAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            WireFault fault;
            Task changed;
            lock (_gate)
            {
                (fault, changed) = (_fault, _changed.Task);
            }

            if (!fault.IsSilent)
            {
                return fault;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private static async Task WaitUntilAsync(long dueAt, CancellationToken cancellationToken)
    {
        var wait = TimeProvider.System.GetElapsedTime(TimeProvider.System.GetTimestamp(), dueAt);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, TimeProvider.System, cancellationToken);
        }
    }

    private double Draw()
    {
        lock (_gate)
        {
            return random.NextDouble();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
