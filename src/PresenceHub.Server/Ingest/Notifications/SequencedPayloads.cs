namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// Whether payloads carry sequence numbers at present. Graph does not promise them, and a payload without one is only a
/// reason to read
/// the subject: when none of many had one, the next ones are not opened but read at once.
/// </summary>
internal sealed class SequencedPayloads
{
    /// <summary>So many in a row without a number are taken for Graph's present way.</summary>
    internal const int Convincing = 32;

    /// <summary>One of so many is opened nevertheless, to see when Graph begins to send numbers.</summary>
    internal const int SampleOf = 64;

    private int _without;
    private int _asked;

    /// <summary>
    /// Skipping loses nothing: a payload that is not opened is read, which is right whatever it holds.
    /// </summary>
    public bool IsWorthOpening() =>
        Volatile.Read(ref _without) < Convincing || Interlocked.Increment(ref _asked) % SampleOf is 0;

    public void Opened(bool hasSequenceNumber)
    {
        if (hasSequenceNumber)
        {
            Volatile.Write(ref _without, 0);
        }
        else if (Volatile.Read(ref _without) < Convincing)
        {
            Interlocked.Increment(ref _without);
        }
    }
}
