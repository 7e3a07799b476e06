using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// The payloads that the store applied recently. Graph repeats notifications that it believes lost. The same ciphertext
/// holds the same presence and sequence number, so it is not decrypted again.
/// </summary>
internal sealed class AppliedPayloads
{
    /// <summary>
    /// A few seconds of a busy tenant. When it is full, the oldest is dropped; if that payload is repeated, it is
    /// decrypted again.
    /// </summary>
    internal const int Capacity = 8192;

    private readonly Lock _gate = new();
    private readonly HashSet<UInt128> _known = [];
    private readonly Queue<UInt128> _byAge = new();

    /// <summary>
    /// Covers everything that decides what a payload says. With the same signature, a key cannot decrypt other data.
    /// </summary>
    public static UInt128 FingerprintOf(SubjectId subject, EncryptedContent content)
    {
        var (_, signature, key, certificate) = content;
        var all = Encoding.UTF8.GetBytes($"{subject}|{certificate}|{key}|{signature}");
        return BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(all));
    }

    public bool Contains(UInt128 fingerprint)
    {
        lock (_gate)
        {
            return _known.Contains(fingerprint);
        }
    }

    public void Add(UInt128 fingerprint)
    {
        lock (_gate)
        {
            if (!_known.Add(fingerprint))
            {
                return;
            }

            _byAge.Enqueue(fingerprint);
            if (_byAge.Count > Capacity)
            {
                _known.Remove(_byAge.Dequeue());
            }
        }
    }
}
