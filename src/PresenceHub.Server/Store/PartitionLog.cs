using PresenceHub.Server.Control;

namespace PresenceHub.Server.Store;

/// <summary>The log lines of the partitions of a mirror. They are limited together, because one server holds many
/// partitions.</summary>
internal sealed class PartitionLog(TimeProvider time, ILogger logger)
{
    private readonly LogLimit _notUnderstoodLimit = new(time);
    private readonly LogLimit _steppedBackLimit = new(time);

    public void EpochChanged(int partition) => logger.EpochChanged(partition);

    public void SteppedBack()
    {
        if (_steppedBackLimit.TryTake())
        {
            logger.StoreClockSteppedBack();
        }
    }

    public void NotUnderstood(int partition)
    {
        if (_notUnderstoodLimit.TryTake())
        {
            logger.ChangeNotUnderstood(partition);
        }
    }
}
