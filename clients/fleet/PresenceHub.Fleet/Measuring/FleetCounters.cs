using System.Collections.Concurrent;

namespace PresenceHub.Fleet.Measuring;

/// <summary>The counts of a run.</summary>
internal sealed class FleetCounters
{
    // Bounded by the kinds of failure, which are texts of this tool and codes of the contract.
    private readonly ConcurrentDictionary<string, Counter> _errors = new(StringComparer.Ordinal);

    /// <summary>Entries pushed by the hub.</summary>
    public Counter Pushed { get; } = new();

    /// <summary>Entries in answers of <c>Watch</c>.</summary>
    public Counter Answered { get; } = new();

    /// <summary>Pushed entries that were <c>stale</c>.</summary>
    public Counter PushedStale { get; } = new();

    /// <summary>Changes of the driver that were delivered to a healthy connection.</summary>
    public Counter Delivered { get; } = new();

    /// <summary>
    /// Changes of the driver that a healthy connection never saw, since a newer one of the same person replaced them.
    /// </summary>
    public Counter Skipped { get; } = new();

    /// <summary>Connections established, first ones and again.</summary>
    public Counter Connects { get; } = new();

    /// <summary>Connections that ended without the tool asking for it.</summary>
    public Counter Lost { get; } = new();

    /// <summary>
    /// Connections of slow and stuck readers that ended; the hub closes a client that reads nothing for ten seconds.
    /// </summary>
    public Counter LostUnhealthy { get; } = new();

    /// <summary>Connections that the tool cut itself: churn and storms.</summary>
    public Counter Cut { get; } = new();

    /// <summary>Upgrades answered 503 or 429, mostly with <c>Retry-After</c>, which was obeyed.</summary>
    public Counter Refused { get; } = new();

    /// <summary>Calls answered <c>unavailable</c>, and repeated later.</summary>
    public Counter Unavailable { get; } = new();

    /// <summary>Calls of <c>Watch</c> and <c>Unwatch</c> that were answered.</summary>
    public Counter Calls { get; } = new();

    public Counter Rejected { get; } = new();

    public Counter Revoked { get; } = new();

    public Counter Drained { get; } = new();

    /// <summary>Tokens that were replaced because the hub refused them.</summary>
    public Counter RenewedTokens { get; } = new();

    /// <summary>Failures by kind.</summary>
    public IReadOnlyDictionary<string, long> Errors =>
        _errors.ToDictionary(pair => pair.Key, pair => pair.Value.Value, StringComparer.Ordinal);

    public long ErrorCount => _errors.Values.Sum(counter => counter.Value);

    public void Error(string kind) => _errors.GetOrAdd(kind, static _ => new Counter()).Increment();
}
