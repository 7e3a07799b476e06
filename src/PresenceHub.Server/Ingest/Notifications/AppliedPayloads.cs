using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// The payloads that the store has taken lately. Graph delivers again what it believes lost; the same ciphertext holds
/// the same
/// presence and sequence number, so that opening it again tells nothing.
/// </summary>
internal sealed class AppliedPayloads
{
    /// <summary>
    /// Some seconds of a busy tenant. When it is full the oldest is dropped, and costs another decryption if it comes
    /// again.
    /// </summary>
    internal const int Capacity = 8192;

    private readonly Lock _gate = new();
    private readonly HashSet<UInt128> _known = [];
    private readonly Queue<UInt128> _byAge = new();

    /// <summary>Of all that decides what a payload says: a key opens no other data under the same signature.</summary>
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
