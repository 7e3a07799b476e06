using PresenceHub.Fleet.Measuring;

namespace PresenceHub.Fleet.Reporting;

/// <summary>The counters at the end of a run.</summary>
internal sealed record CounterResult
{
    public required long Pushed { get; init; }

    public required long PushedStale { get; init; }

    public required long Answered { get; init; }

    public required long Connects { get; init; }

    public required long Lost { get; init; }

    public required long LostUnhealthy { get; init; }

    public required long Cut { get; init; }

    public required long Refused { get; init; }

    public required long Unavailable { get; init; }

    public required long Calls { get; init; }

    public required long Rejected { get; init; }

    public required long Revoked { get; init; }

    public required long Drained { get; init; }

    public required long RenewedTokens { get; init; }

    public required IReadOnlyDictionary<string, long> Errors { get; init; }

    public static CounterResult Of(FleetCounters counters) =>
        new()
        {
            Pushed = counters.Pushed.Value,
            PushedStale = counters.PushedStale.Value,
            Answered = counters.Answered.Value,
            Connects = counters.Connects.Value,
            Lost = counters.Lost.Value,
            LostUnhealthy = counters.LostUnhealthy.Value,
            Cut = counters.Cut.Value,
            Refused = counters.Refused.Value,
            Unavailable = counters.Unavailable.Value,
            Calls = counters.Calls.Value,
            Rejected = counters.Rejected.Value,
            Revoked = counters.Revoked.Value,
            Drained = counters.Drained.Value,
            RenewedTokens = counters.RenewedTokens.Value,
            Errors = counters.Errors,
        };
}
