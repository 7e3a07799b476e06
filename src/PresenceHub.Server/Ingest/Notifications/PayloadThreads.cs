using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// Decrypts payloads on dedicated threads. The RSA operation takes a third of a millisecond of computation. On the
/// thread pool, a burst of notifications would delay changes and calls of clients.
/// </summary>
internal sealed class PayloadThreads : IDisposable
{
    private readonly object _gate = new();

    /// <summary>
    /// Bounded by the callers: the workers of the notification queue process two POSTs per core, of at most a thousand
    /// items each.
    /// </summary>
    private readonly Queue<PayloadWork> _waiting = new();
    private readonly int _degree;
    private int _started;
    private int _idle;
    private bool _isDisposed;

    /// <summary>Uses half of the processors. The other half is left to clients, whatever Graph posts.</summary>
    public PayloadThreads()
        : this(Math.Max(1, Environment.ProcessorCount / 2)) { }

    internal PayloadThreads(int degree) => _degree = degree;

    /// <summary>Returns the content, or null when it is invalid in any way.</summary>
    public Task<byte[]?> DecryptAsync(EncryptedContent content, EncryptionCertificate certificate)
    {
        var work = new PayloadWork(() => PayloadDecryptor.TryDecrypt(content, certificate));
        Add(work);
        return work.Result;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Monitor.PulseAll(_gate);
        }
    }

    internal void Add(PayloadWork work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _waiting.Enqueue(work);
            if (_idle > 0)
            {
                Monitor.Pulse(_gate);
            }
            else if (_started < _degree)
            {
                new Thread(Work) { IsBackground = true, Name = $"payloads {++_started}" }.Start();
            }
        }
    }

    private void Work()
    {
        while (TryTake(out var work))
        {
            work!.Run();
        }
    }

    /// <summary>Returns false when the threads are disposed and no work is left.</summary>
    private bool TryTake(out PayloadWork? work)
    {
        lock (_gate)
        {
            while (!_waiting.TryDequeue(out work))
            {
                if (_isDisposed)
                {
                    return false;
                }

                _idle++;
                Monitor.Wait(_gate);
                _idle--;
            }

            return true;
        }
    }
}
