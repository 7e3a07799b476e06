namespace PresenceHub.Server.Store;

internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Information, "Mirror in sync")]
    public static partial void MirrorInSync(this ILogger logger);

    [LoggerMessage(
        2002,
        LogLevel.Warning,
        "Redis does not answer ({Reason}); checked again until it does, and all entries are stale after five seconds"
    )]
    public static partial void MirrorNotInSync(this ILogger logger, string reason);

    [LoggerMessage(
        2003,
        LogLevel.Warning,
        "The data of partition {Partition} has another epoch: the server was restarted or failed over"
    )]
    public static partial void EpochChanged(this ILogger logger, int partition);

    [LoggerMessage(
        2004,
        LogLevel.Warning,
        "A message of partition {Partition} was not understood; the partition is listed again"
    )]
    public static partial void ChangeNotUnderstood(this ILogger logger, int partition);

    [LoggerMessage(
        2005,
        LogLevel.Warning,
        "Announcements of the store do not reach this node; it subscribes and lists everything again"
    )]
    public static partial void ProbeLost(this ILogger logger);

    [LoggerMessage(2006, LogLevel.Information, "Announcements of the store reach this node again")]
    public static partial void ProbeReceived(this ILogger logger);

    [LoggerMessage(2007, LogLevel.Warning, "A message on this node's own channel was not understood; it is ignored")]
    public static partial void ProbeNotUnderstood(this ILogger logger);

    [LoggerMessage(
        2008,
        LogLevel.Warning,
        "{Entries} entries of partition {Partition} differed from the store although no change was missing; they are replaced"
    )]
    public static partial void EntriesMended(this ILogger logger, int partition, int entries);

    [LoggerMessage(
        2009,
        LogLevel.Warning,
        "Reads for clients fail ({Reason}); the clients are told to repeat their calls. Logged once a minute at most"
    )]
    public static partial void ReadFailed(this ILogger logger, string reason);

    [LoggerMessage(
        2020,
        LogLevel.Warning,
        "{Lost} of {Partitions} partitions cannot be reached ({Reason}); their entries turn stale, others stay live"
    )]
    public static partial void PartitionsLost(this ILogger logger, int lost, int partitions, string reason);

    [LoggerMessage(
        2010,
        LogLevel.Warning,
        "The clock of Redis has stepped back; the partitions on that server are listed again. Logged once a minute at most"
    )]
    public static partial void StoreClockSteppedBack(this ILogger logger);

    [LoggerMessage(
        2011,
        LogLevel.Warning,
        "{Entries} entries in partition {Partition} are unreadable; they count as lost until the next observation replaces them. Logged once a minute at most"
    )]
    public static partial void EntriesUnreadable(this ILogger logger, int entries, int partition);
}
