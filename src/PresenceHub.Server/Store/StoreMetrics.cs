using System.Diagnostics.Metrics;

namespace PresenceHub.Server.Store;

internal sealed class StoreMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _notUnderstood;
    private readonly Counter<long> _listed;
    private readonly Counter<long> _probesLost;
    private readonly Counter<long> _mended;
    private readonly Counter<long> _readsFailed;
    private readonly Counter<long> _unreadable;
    private int _partitionsLost;

    public StoreMetrics(IMeterFactory meters)
    {
        _meter = meters.Create("PresenceHub");
        _notUnderstood = _meter.CreateCounter<long>(
            "presencehub.mirror.messages.refused",
            "{message}",
            "Messages between the nodes that were not understood"
        );
        _listed = _meter.CreateCounter<long>(
            "presencehub.mirror.listings",
            "{listing}",
            "Partitions listed again: at start, after a gap, another epoch or a reconnect"
        );
        _probesLost = _meter.CreateCounter<long>(
            "presencehub.mirror.probes.lost",
            "{probe}",
            "Messages of this node to itself that did not come back over its subscription link"
        );
        _mended = _meter.CreateCounter<long>(
            "presencehub.mirror.entries.mended",
            "{entry}",
            "Entries of this node that differed from the store although no change was missing"
        );
        _readsFailed = _meter.CreateCounter<long>(
            "presencehub.mirror.reads.failed",
            "{read}",
            "Reads of the store for clients that failed; each stands for all clients that waited for it"
        );
        _unreadable = _meter.CreateCounter<long>(
            "presencehub.store.entries.unreadable",
            "{entry}",
            "Entries of the store that could not be read; each counts at every reading"
        );
        _meter.CreateObservableGauge(
            "presencehub.mirror.partitions.lost",
            () => Volatile.Read(ref _partitionsLost),
            "{partition}",
            "Partitions of the store that this node cannot reach; their entries are shown as stale"
        );
    }

    public void EntriesUnreadable(int count) => _unreadable.Add(count);

    public void SetPartitionsLost(int partitions) => Volatile.Write(ref _partitionsLost, partitions);

    public void ReadFailed() => _readsFailed.Add(1);

    public void MessageNotUnderstood() => _notUnderstood.Add(1);

    public void PartitionListed() => _listed.Add(1);

    public void ProbeLost(int count) => _probesLost.Add(count);

    public void EntriesMended(int count) => _mended.Add(count);

    public void Dispose() => _meter.Dispose();
}
