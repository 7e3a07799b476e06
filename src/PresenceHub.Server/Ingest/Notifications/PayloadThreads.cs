using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// Decrypts payloads on threads of its own. The RSA operation takes a third of a millisecond of pure computation: on
/// the thread pool
/// a burst of notifications would hold up the changes on their way to clients, and the clients' own calls.
/// </summary>
internal sealed class PayloadThreads : IDisposable
{
    private readonly object _gate = new();

    /// <summary>
    /// Bounded by its callers: the workers of the queue hold two POSTs a core, of a thousand items each at most.
    /// </summary>
    private readonly Queue<PayloadWork> _waiting = new();
    private readonly int _degree;
    private int _started;
    private int _idle;
    private bool _isDisposed;

    /// <summary>Half of the processors: the other half is left to the clients whatever Graph posts.</summary>
    public PayloadThreads()
        : this(Math.Max(1, Environment.ProcessorCount / 2)) { }

    internal PayloadThreads(int degree) => _degree = degree;

    /// <summary>The content, or null when anything about it is wrong.</summary>
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

    /// <summary>False when nothing is left and nothing more will come.</summary>
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
