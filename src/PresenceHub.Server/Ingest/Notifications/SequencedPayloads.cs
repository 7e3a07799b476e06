namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// Detects whether Graph sends sequence numbers in payloads. It does not promise them, and a payload without one only
/// causes a refresh. When none of the recent payloads had one, the next ones are not decrypted and their subjects are
/// refreshed at once.
/// </summary>
internal sealed class SequencedPayloads
{
    /// <summary>After this many payloads in a row without a number, the next ones are not decrypted.</summary>
    internal const int UnsequencedLimit = 32;

    /// <summary>One of this many payloads is still decrypted, to detect when Graph begins to send numbers.</summary>
    internal const int SampleInterval = 64;

    private int _without;
    private int _skipped;

    /// <summary>
    /// Returns false for a payload that can be skipped. Its subject is refreshed, which is right whatever the payload
    /// contains.
    /// </summary>
    public bool IsWorthOpening() =>
        Volatile.Read(ref _without) < UnsequencedLimit || Interlocked.Increment(ref _skipped) % SampleInterval is 0;

    public void Opened(bool hasSequenceNumber)
    {
        if (hasSequenceNumber)
        {
            Volatile.Write(ref _without, 0);
        }
        else if (Volatile.Read(ref _without) < UnsequencedLimit)
        {
            Interlocked.Increment(ref _without);
        }
    }
}
