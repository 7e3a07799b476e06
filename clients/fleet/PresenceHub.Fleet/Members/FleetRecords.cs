using PresenceHub.Fleet.Checking;
using PresenceHub.Fleet.Measuring;

namespace PresenceHub.Fleet.Members;

/// <summary>All that a run writes down.</summary>
internal sealed record FleetRecords(FleetCounters Counters, FleetLatencies Latencies, Violations Violations);
