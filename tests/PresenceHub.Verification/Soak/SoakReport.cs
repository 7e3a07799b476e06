using System.Globalization;
using PresenceHub.Verification.Invariants;

namespace PresenceHub.Verification.Soak;

/// <summary>What a run found, as a table.</summary>
internal sealed class SoakReport
{
    private readonly SortedDictionary<string, FaultRecord> _faults = new(StringComparer.Ordinal);
    private readonly List<TimeSpan> _storeLags = [];
    private readonly Dictionary<string, (double First, double Last)> _resident = [];

    public int Rounds { get; private set; }

    public int RunsOf(Fault fault) => _faults.TryGetValue(fault.Name, out var record) ? record.Runs : 0;

    public void AddRound(IReadOnlyList<Fault> faults, int violations, TimeSpan storeLag, IReadOnlyList<TimeSpan> lags)
    {
        Rounds++;
        _storeLags.Add(storeLag);
        foreach (var kind in faults.GroupBy(fault => fault.Name))
        {
            if (!_faults.TryGetValue(kind.Key, out var record))
            {
                _faults[kind.Key] = record = new FaultRecord(kind.Key);
            }

            record.Runs += kind.Count();
            record.Violations += violations;
            record.Lags.AddRange(lags);
        }
    }

    public void AddResident(string node, double megabytes)
    {
        if (megabytes > 0)
        {
            _resident[node] = (_resident.TryGetValue(node, out var known) ? known.First : megabytes, megabytes);
        }
    }

    public TimeSpan SlowestDrain { get; set; }

    public string ToTable()
    {
        var lines = new List<string> { Row("fault", "runs", "violations", "p50 s", "p99 s", "max s") };
        lines.AddRange(
            _faults.Values.Select(fault =>
                Row(
                    fault.Name,
                    $"{fault.Runs}",
                    $"{fault.Violations}",
                    Seconds(fault.Lags, 0.5),
                    Seconds(fault.Lags, 0.99),
                    Seconds(fault.Lags, 1)
                )
            )
        );
        var all = _faults.Values.SelectMany(fault => fault.Lags).ToArray();
        lines.Add(
            Row(
                "all",
                $"{_faults.Values.Sum(fault => fault.Runs)}",
                string.Empty,
                Seconds(all, 0.5),
                Seconds(all, 0.99),
                Seconds(all, 1)
            )
        );
        lines.Add(string.Empty);
        lines.Add(
            $"{Rounds} rounds; the store had Graph's state again after {Seconds(_storeLags, 0.5)} s (p50), {Seconds(_storeLags, 1)} s (max)"
        );
        lines.Add(
            string.Create(CultureInfo.InvariantCulture, $"the slowest drain took {SlowestDrain.TotalSeconds:0.0} s")
        );
        lines.AddRange(
            _resident
                .OrderBy(node => node.Key, StringComparer.Ordinal)
                .Select(node =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{node.Key}: {node.Value.First:0} MB resident at the start, {node.Value.Last:0} MB at the end"
                    )
                )
        );
        return string.Join(Environment.NewLine, lines);
    }

    private static string Row(string name, params string[] cells) =>
        $"{name, -36}{string.Concat(cells.Select(cell => cell.PadLeft(12)))}";

    private static string Seconds(IReadOnlyCollection<TimeSpan> lags, double share) =>
        Percentiles.Of(lags, share).TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
}
