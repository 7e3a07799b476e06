namespace PresenceHub.Verification.Invariants;

/// <summary>After the last fault every view is the store's: 99 of 100 within five seconds, all within ten.</summary>
internal sealed class ViewsConverge : Invariant
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan All = TimeSpan.FromSeconds(10);

    private readonly List<TimeSpan> _lags = [];

    public override IEnumerable<string> Check(HubEvent next)
    {
        switch (next)
        {
            case HubEvent.Compared(_, var client, _, { } difference):
                yield return $"{client} never came to show what the store holds: {difference}";
                break;
            case HubEvent.Compared(_, var client, var lag, null):
                _lags.Add(lag);
                if (lag > All)
                {
                    yield return $"{client} showed what the store holds after {lag.TotalSeconds:0.0} s only";
                }

                break;
            case HubEvent.Ended:
                var p99 = Percentiles.Of(_lags, 0.99);
                if (p99 > Most)
                {
                    yield return $"one view in a hundred took {p99.TotalSeconds:0.0} s or more to be what the store holds";
                }

                break;
        }
    }
}
