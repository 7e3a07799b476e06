namespace PresenceHub.Testing.Proxies;

/// <summary>Loses messages between Redis and its subscribers without a word: the link stays, the next message
/// comes.</summary>
internal sealed class PubSubLoss(string channelSuffix) : IPubSubFault
{
    private int _toLose;
    private int _lost;

    /// <summary>How many were lost so far.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>Loses so many of the messages that come next, on whatever link.</summary>
    public void LoseNext(int count) => Interlocked.Add(ref _toLose, count);

    /// <summary>Loses nothing more.</summary>
    /// <returns>How many of those asked for had not come.</returns>
    public int Stop() => Math.Max(0, Interlocked.Exchange(ref _toLose, 0));

    public PubSubStream NewStream() =>
        new(reply =>
            reply is not { IsMessage: true } message
            || !message.Channel.EndsWith(channelSuffix, StringComparison.Ordinal)
            || !TryLose()
        );

    private bool TryLose()
    {
        if (Interlocked.Decrement(ref _toLose) < 0)
        {
            Interlocked.Increment(ref _toLose);
            return false;
        }

        Interlocked.Increment(ref _lost);
        return true;
    }
}
