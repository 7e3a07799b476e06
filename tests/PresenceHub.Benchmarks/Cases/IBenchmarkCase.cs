using PresenceHub.Benchmarks.Report;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>One row, or a few related rows, of the comparison.</summary>
internal interface IBenchmarkCase
{
    /// <summary>What <c>./bench.sh</c> calls it.</summary>
    string Name { get; }

    /// <summary>Whether a quick run includes it.</summary>
    bool IsQuick { get; }

    Task<CaseResult> RunAsync(RunSettings settings);
}
